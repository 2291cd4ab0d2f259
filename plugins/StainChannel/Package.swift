// swift-tools-version: 6.2
import PackageDescription

// The plugin interface, which 'tessera plugin build' leaves here. The plugin compiles against it and
// links nothing of it, since the program that opens the plugin brings it; tests link it.
let sdk = "\(Context.packageDirectory)/.sdk"
let interface: [SwiftSetting] = [.unsafeFlags(["-I", sdk])]

let package = Package(
  name: "StainChannel",
  platforms: [.macOS(.v15)],
  products: [.library(name: "StainChannel", type: .dynamic, targets: ["StainChannel"])],
  targets: [
    .target(name: "StainChannel", swiftSettings: interface),
    .testTarget(
      name: "StainChannelTests", dependencies: ["StainChannel"], swiftSettings: interface,
      linkerSettings: [.unsafeFlags(["\(sdk)/TesseraPlugin.o"])]),
  ],
  swiftLanguageModes: [.v6]
)
