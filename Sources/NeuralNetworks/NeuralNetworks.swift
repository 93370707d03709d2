@_exported import Interchange
@_exported import Layers
@_exported import LinearAlgebra
@_exported import Models
@_exported import Operations
@_exported import Tensors
@_exported import Training
