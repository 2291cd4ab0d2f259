// swift-tools-version: 6.1
import PackageDescription

// The SDK of the tessera that will load the plugin, which 'tessera plugin build' names.
let sdk = Context.environment["TESSERA_SDK"] ?? "../TesseraPlugin"

let package = Package(
  name: "StainChannel",
  platforms: [.macOS(.v15)],
  products: [.library(name: "StainChannel", type: .dynamic, targets: ["StainChannel"])],
  dependencies: [.package(path: sdk)],
  targets: [
    .target(
      name: "StainChannel",
      dependencies: [.product(name: "TesseraPlugin", package: "TesseraPlugin")]),
    .testTarget(
      name: "StainChannelTests",
      dependencies: [
        "StainChannel", .product(name: "TesseraPlugin", package: "TesseraPlugin"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
