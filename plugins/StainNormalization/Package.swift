// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "StainNormalization",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "StainNormalization", type: .dynamic, targets: ["StainNormalization"])
  ],
  dependencies: [.package(path: "../TesseraPlugin")],
  targets: [
    .target(
      name: "StainNormalization",
      dependencies: [.product(name: "TesseraPlugin", package: "TesseraPlugin")])
  ],
  swiftLanguageModes: [.v6]
)
