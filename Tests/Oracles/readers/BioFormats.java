import java.nio.file.*;
import java.util.*;
import loci.common.DebugTools;
import loci.formats.*;
import loci.formats.meta.IMetadata;
import loci.formats.services.OMEXMLService;
import loci.common.services.ServiceFactory;
import ome.units.UNITS;

/** Says of each file what Bio-Formats shows of its first image, one JSON object a line; pixels go to FILE.LEVEL.raw. */
class BioFormats {
  public static void main(String[] paths) throws Exception {
    DebugTools.setRootLevel("OFF");
    for (String path : paths) {
      try {
        System.out.println(describe(path));
      } catch (Exception error) {
        System.out.println("{\"error\": \"" + quoted(error.toString()) + "\"}");
      }
    }
  }

  static String describe(String path) throws Exception {
    IMetadata meta = new ServiceFactory().getInstance(OMEXMLService.class).createOMEXMLMetadata();
    try (ImageReader reader = new ImageReader()) {
      reader.setFlattenedResolutions(false);
      reader.setMetadataStore(meta);
      reader.setId(path);
      List<String> levels = new ArrayList<>();
      for (int level = 0; level < reader.getResolutionCount(); level++) {
        reader.setResolution(level);
        levels.add("[" + reader.getSizeX() + ", " + reader.getSizeY() + "]");
        try (var file = Files.newOutputStream(Path.of(path + "." + level + ".raw"))) {
          for (int plane = 0; plane < reader.getImageCount(); plane++) {
            file.write(reader.openBytes(plane));
          }
        }
      }
      reader.setResolution(0);
      List<String> names = new ArrayList<>();
      for (int channel = 0; channel < meta.getChannelCount(0); channel++) {
        String name = meta.getChannelName(0, channel);
        if (name != null) names.add("\"" + quoted(name) + "\"");
      }
      var size = meta.getPixelsPhysicalSizeX(0);
      boolean hasPower = meta.getInstrumentCount() > 0 && meta.getObjectiveCount(0) > 0;
      return "{\"levels\": " + levels
          + ", \"mpp\": " + (size == null ? null : size.value(UNITS.MICROMETER))
          + ", \"power\": " + (hasPower ? meta.getObjectiveNominalMagnification(0, 0) : null)
          + ", \"names\": " + names
          + ", \"series\": " + reader.getSeriesCount()
          + ", \"samples\": " + reader.getRGBChannelCount() * reader.getImageCount()
          + ", \"format\": \"" + quoted(reader.getFormat()) + "\""
          + ", \"isInterleaved\": " + reader.isInterleaved()
          + ", \"isLittleEndian\": " + reader.isLittleEndian() + "}";
    }
  }

  static String quoted(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}", " ");
  }
}
