import TesseraPlugin
public enum ImageOutput {
  public static func open(path: String, info: ImageInfo, options: OutputOptions, pool: WorkerPool) throws(ImageError) -> any ImageSink { try PyramidWriter(path: path, info: info, options: options, pool: pool) }
  public static func canWrite(path: String) -> Bool { true }
  public static func fault(path: String, info: ImageInfo, options: OutputOptions) -> ImageError? { nil }
}
