// swift-tools-version: 6.2

import PackageDescription

let openBLAS = TargetDependencyCondition.when(traits: ["OpenBLAS"])
let png = TargetDependencyCondition.when(traits: ["PNG"])

let package = Package(
  name: "swift-neural-networks",
  platforms: [.macOS(.v26)],
  products: [
    .library(name: "NeuralNetworks", targets: ["NeuralNetworks"]),
    .library(name: "LinearAlgebra", targets: ["LinearAlgebra"]),
    .library(name: "Pictures", targets: ["Pictures"]),
    .executable(name: "neural", targets: ["NeuralCommand"]),
    .executable(name: "benchmark", targets: ["Benchmarks"]),
  ],
  traits: [
    .trait(name: "OpenBLAS", description: "Matrix products by OpenBLAS, factorisations by LAPACKE."),
    .trait(name: "PNG", description: "Pictures as PNG files by libpng, in the product Pictures."),
    .default(enabledTraits: ["OpenBLAS", "PNG"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.0")
  ],
  targets: [
    // C libraries, reached by LinearAlgebra, by the gzip reader and by Pictures alone.
    .systemLibrary(name: "COpenBLAS", providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
    .systemLibrary(name: "CLAPACKE", providers: [.apt(["liblapacke-dev"]), .brew(["lapack"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(name: "CPNG", providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
    .systemLibrary(name: "CTargetFeatures"),

    // Products and factorisations.
    .target(name: "SwiftBLAS", dependencies: ["CTargetFeatures"]),
    .target(
      name: "LinearAlgebra",
      dependencies: [
        "SwiftBLAS", "CTargetFeatures",
        .target(name: "COpenBLAS", condition: openBLAS),
        .target(name: "CLAPACKE", condition: openBLAS),
      ]),

    // Networks.
    .target(name: "Tensors", dependencies: ["LinearAlgebra", "SwiftBLAS"]),
    .target(name: "Operations", dependencies: ["LinearAlgebra", "SwiftBLAS", "Tensors"]),
    .target(name: "Layers", dependencies: ["LinearAlgebra", "Operations", "Tensors"]),
    .target(name: "Models", dependencies: ["Layers", "Operations", "Tensors"]),
    .target(name: "Interchange", dependencies: ["CZlib", "Layers", "Tensors"]),
    .target(
      name: "Training",
      dependencies: ["Interchange", "Layers", "LinearAlgebra", "Operations", "Tensors"],
      exclude: ["Data/LICENSE-digits.md"]),
    .target(
      name: "NeuralNetworks",
      dependencies: [
        "Interchange", "Layers", "LinearAlgebra", "Models", "Operations", "Tensors", "Training",
      ]),

    // Pictures, apart from the networks.
    .target(
      name: "Pictures", dependencies: ["Interchange", "Tensors", .target(name: "CPNG", condition: png)]),

    // Commands.
    .executableTarget(
      name: "NeuralCommand",
      dependencies: [
        "NeuralNetworks", "Pictures", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "Benchmarks",
      dependencies: [
        "NeuralNetworks", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Benchmarks", exclude: ["Peers"]),

    // Tests: a folder for each target above.
    .target(
      name: "TestSupport", dependencies: ["LinearAlgebra", "NeuralNetworks"], path: "Tests/TestSupport"),
    .testTarget(name: "SwiftBLASTests", dependencies: ["SwiftBLAS"]),
    .testTarget(name: "LinearAlgebraTests", dependencies: ["LinearAlgebra", "TestSupport"]),
    .testTarget(name: "TensorsTests", dependencies: ["Tensors", "TestSupport"]),
    .testTarget(name: "OperationsTests", dependencies: ["Operations", "TestSupport"]),
    .testTarget(name: "LayersTests", dependencies: ["Layers", "TestSupport"]),
    .testTarget(name: "ModelsTests", dependencies: ["Models", "TestSupport"]),
    .testTarget(name: "InterchangeTests", dependencies: ["Interchange", "TestSupport"]),
    .testTarget(name: "TrainingTests", dependencies: ["Training", "TestSupport"]),
    .testTarget(name: "PicturesTests", dependencies: ["Pictures", "TestSupport"]),
    .testTarget(
      name: "NeuralCommandTests", dependencies: ["NeuralCommand", "NeuralNetworks", "TestSupport"]),
    .testTarget(
      name: "BenchmarksTests", dependencies: ["Benchmarks", "NeuralNetworks", "TestSupport"]),
  ],
  swiftLanguageModes: [.v6]
)
