// swift-tools-version: 6.2
import PackageDescription

// The plugin interface, which 'tessera plugin build' leaves here. The plugin compiles against it and
// links nothing of it, since the program that opens the plugin brings it.
let sdk = "\(Context.packageDirectory)/.sdk"
let interface: [SwiftSetting] = [.unsafeFlags(["-I", sdk])]

let package = Package(
  name: "StainNormalization",
  platforms: [.macOS(.v15)],
  products: [.library(name: "StainNormalization", type: .dynamic, targets: ["StainNormalization"])],
  targets: [
    // A link to the folder of Tessera, which has it for the program, too
    .target(name: "Color", swiftSettings: interface),
    .target(name: "StainNormalization", dependencies: ["Color"], swiftSettings: interface),
  ],
  swiftLanguageModes: [.v6]
)
