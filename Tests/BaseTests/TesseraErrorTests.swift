import Base
import Testing

struct TesseraErrorTests {
  @Test func `what is not known is left out`() {
    #expect("\(TesseraError("a.tif", "reading", "it ends"))" == "a.tif: reading: it ends")
    #expect("\(TesseraError(action: "loading", "no\n such  file"))" == "loading: no such file")
    #expect("\(TesseraError("the sizes differ"))" == "the sizes differ")
    #expect("\(TesseraError.cancelled)" == "stopped on request")
  }

  @Test func `an error is given the file that it does not name`() {
    let named = TesseraError("a.tif", "reading", "it ends")
    #expect(named.naming("b.tif", "comparing") == named)
    let sizes = TesseraError("the sizes differ")
    #expect(sizes.naming("b.tif", "comparing") == TesseraError("b.tif", "comparing", sizes.reason))
    let loading = TesseraError(action: "loading", "it is broken")
    #expect(loading.naming("b.onnx") == TesseraError("b.onnx", "loading", "it is broken"))
    #expect("\(loading.naming("b.onnx", "opening"))" == "b.onnx: opening: loading: it is broken")
    let other: any Error = UsageError("no such option")
    #expect(other.naming("b", "opening") == TesseraError("b", "opening", "no such option"))
  }
}
