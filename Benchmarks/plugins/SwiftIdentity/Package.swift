// swift-tools-version: 6.2
import PackageDescription

// The plugin interface, which 'tessera plugin build' leaves here. The plugin compiles against it and
// links nothing of it, since the program that opens the plugin brings it.
let sdk = "\(Context.packageDirectory)/.sdk"
let interface: [SwiftSetting] = [.unsafeFlags(["-I", sdk])]

let package = Package(
  name: "SwiftIdentity",
  platforms: [.macOS(.v15)],
  products: [.library(name: "SwiftIdentity", type: .dynamic, targets: ["SwiftIdentity"])],
  targets: [
    .target(name: "SwiftIdentity", swiftSettings: interface)
  ],
  swiftLanguageModes: [.v6]
)
