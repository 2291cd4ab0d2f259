import TesseraKit

let translator = try FileTranslator(pair: "stain-normalization")
let result = try translator.translate(CommandLine.arguments[1], to: CommandLine.arguments[2])
print(result.width, result.height, result.copyReason ?? "translated")
