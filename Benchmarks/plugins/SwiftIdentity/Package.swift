// swift-tools-version: 6.1
import PackageDescription

let sdk = Context.environment["TESSERA_SDK"] ?? "../../../plugins/TesseraPlugin"

let package = Package(
  name: "SwiftIdentity",
  platforms: [.macOS(.v15)],
  products: [.library(name: "SwiftIdentity", type: .dynamic, targets: ["SwiftIdentity"])],
  dependencies: [.package(path: sdk)],
  targets: [
    .target(
      name: "SwiftIdentity",
      dependencies: [.product(name: "TesseraPlugin", package: "TesseraPlugin")])
  ],
  swiftLanguageModes: [.v6]
)
