import Testing

@testable import Translation

struct StreamChoiceTests {
  private func choice(_ threads: Int, bytesPerPixel: Double = 100) -> StreamChoice {
    StreamChoice(threads: threads, bytesPerPixel: bytesPerPixel, isSerial: false)
  }

  @Test func `a single window has all threads`() {
    #expect(choice(8).streams(windows: 1, pixels: 1 << 20) == 1)
  }

  @Test func `many windows have a thread each`() {
    #expect(choice(2).streams(windows: 196, pixels: 1 << 20) == 2)
    #expect(choice(8).streams(windows: 196, pixels: 1 << 18) == 8)
  }

  @Test func `few windows leave no thread idle for more than a fifth of the time`() {
    #expect(choice(2).streams(windows: 2, pixels: 1 << 18) == 2)
    #expect(choice(2).streams(windows: 3, pixels: 1 << 18) == 1)
    #expect(choice(16).streams(windows: 8, pixels: 1 << 18) == 8)
    #expect(choice(16).streams(windows: 9, pixels: 1 << 18) == 2)
  }

  @Test func `windows that run at once fit into the memory`() {
    #expect(choice(64, bytesPerPixel: 400).streams(windows: 1000, pixels: 1 << 20) == 2)
    #expect(choice(2, bytesPerPixel: 4000).streams(windows: 1000, pixels: 1 << 20) == 1)
  }

  @Test func `streams share out all threads`() {
    #expect(choice(6, bytesPerPixel: 100).streams(windows: 1000, pixels: 3 << 20) == 3)
  }

  @Test func `a window that must stay on one thread does so whatever the image`() {
    let serial = StreamChoice(threads: 4, bytesPerPixel: 1e6, isSerial: true)
    #expect(serial.streams(windows: 1, pixels: 1 << 20) == 4)
  }
}
