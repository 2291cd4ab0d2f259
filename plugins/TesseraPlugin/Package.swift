// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "TesseraPlugin",
  platforms: [.macOS(.v15)],
  products: [.library(name: "TesseraPlugin", type: .dynamic, targets: ["TesseraPlugin"])],
  targets: [
    .target(
      name: "TesseraPlugin",
      swiftSettings: [.unsafeFlags(["-O"], .when(configuration: .debug))])
  ],
  swiftLanguageModes: [.v6]
)
