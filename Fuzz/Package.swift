// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "tessera-fuzz",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "tessera", path: "..")],
  targets: [
    .executableTarget(
      name: "tessera-fuzz",
      dependencies: [.product(name: "Networks", package: "tessera")],
      swiftSettings: [.unsafeFlags(["-parse-as-library"])])
  ],
  swiftLanguageModes: [.v6]
)
