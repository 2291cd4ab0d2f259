// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "normalise",
  platforms: [.macOS(.v15)],
  // Elsewhere: .package(url: "…/tessera.git", from: "…") or branch: "…"
  dependencies: [.package(name: "tessera", path: "../..")],
  targets: [
    .executableTarget(
      name: "normalise", dependencies: [.product(name: "TesseraKit", package: "tessera")],
      linkerSettings: [
        // Only for Swift plugins, which use the interface of the program that opens them.
        .unsafeFlags(
          ["-use-ld=lld", "-Xlinker", "--export-dynamic-symbol=*13TesseraPlugin*"],
          .when(platforms: [.linux]))
      ])
  ]
)
