/// What a recipe is trained on and with unless its user says otherwise: what reaches the figure stated for it.
struct RecipeDefaults {
  /// `nil` for a recipe whose data is not examples in memory.
  var data: NamedSet?
  var epochs = 5
  var batchSize = 32
  var optimizer = OptimizerOptions.Rule.sgd
  var learningRate: Float?
  var momentum: Float = 0
  var meanDecay: Float = 0.9
  var weightDecay: Float = 0
  var schedule = OptimizerOptions.Curve.linear
  var warmup = 0
  var clip: Float?

  /// For the help of a recipe, whose options have no defaults of their own.
  var description: String {
    var parts = [
      "\(data.map { "on \($0.rawValue), " } ?? "")\(epochs) epochs", "batches of \(batchSize)",
      "\(optimizer.rawValue) at \(learningRate ?? optimizer.usualRate)", "schedule \(schedule.rawValue)",
    ]
    if momentum != 0 { parts.append("momentum \(momentum)") }
    if meanDecay != 0.9 { parts.append("mean decay \(meanDecay)") }
    if weightDecay != 0 { parts.append("weight decay \(weightDecay)") }
    if warmup != 0 { parts.append("\(warmup) steps of warm-up") }
    if let clip { parts.append("gradients clipped to \(clip)") }
    return "Unless told otherwise: " + parts.joined(separator: ", ") + "."
  }
}
