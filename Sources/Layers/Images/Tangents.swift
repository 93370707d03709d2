import Operations
import Tensors

extension Convolution1D: TangentLayer {
  public func callAsFunction(_ input: Tensor, along tangent: Tensor, in pass: Pass) throws -> (
    output: Tensor, tangent: Tensor
  ) { try filters(input, along: tangent) }
}

extension Convolution2D: TangentLayer {
  public func callAsFunction(_ input: Tensor, along tangent: Tensor, in pass: Pass) throws -> (
    output: Tensor, tangent: Tensor
  ) { try filters(input, along: tangent) }
}

extension TransposedConvolution1D: TangentLayer {
  public func callAsFunction(_ input: Tensor, along tangent: Tensor, in pass: Pass) throws -> (
    output: Tensor, tangent: Tensor
  ) { try filters(input, along: tangent) }
}

extension TransposedConvolution2D: TangentLayer {
  public func callAsFunction(_ input: Tensor, along tangent: Tensor, in pass: Pass) throws -> (
    output: Tensor, tangent: Tensor
  ) { try filters(input, along: tangent) }
}

extension AveragePool1D: LinearLayer {}
extension AveragePool2D: LinearLayer {}
extension GlobalAveragePool: LinearLayer {}
extension AdaptiveAveragePool1D: LinearLayer {}
extension AdaptiveAveragePool2D: LinearLayer {}
extension Upsample: LinearLayer {}
extension ZeroPadding1D: LinearLayer {}
extension ZeroPadding2D: LinearLayer {}
extension Flatten: LinearLayer {}
extension Reshape: LinearLayer {}
