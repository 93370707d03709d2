import Foundation
import Tensors

/// How recognizable and how varied generated images are to a classifier: e to the mean over images of
/// KL(P(class | image) ‖ P(class)), P(class) the mean over all images.
///
/// 1 at worst, where all images look alike to it; the number of classes at best, where it is sure of each image and finds all
/// classes equally often. With the classifier Inception on ImageNet it is the inception score of Salimans et al., "Improved
/// techniques for training GANs", 2016, section 4; scores by other classifiers cannot be compared with those.
///
/// - Parameter probabilities: `[images, classes]`, each row a distribution.
/// - Throws: ``ShapeError`` if there are none.
public func inceptionScore(_ probabilities: Tensor) throws -> Float {
  guard probabilities.shape.rank == 2, probabilities.count > 0 else {
    throw ShapeError("inceptionScore", expected: "[images, classes]", got: probabilities.shape)
  }
  let (images, classes) = (probabilities.shape[0], probabilities.shape[1])
  var mean = Array(repeating: 0.0, count: classes)
  var divergence = 0.0
  probabilities.withUnsafeElements { elements in
    for (index, p) in elements.enumerated() { mean[index % classes] += Double(p) / Double(images) }
    for (index, p) in elements.enumerated() where p > 0 {
      divergence += Double(p) * log(Double(p) / mean[index % classes])
    }
  }
  return Float(exp(divergence / Double(images)))
}
