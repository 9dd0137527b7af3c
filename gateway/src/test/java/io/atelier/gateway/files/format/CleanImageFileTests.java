package io.atelier.gateway.files.format;

import static io.atelier.gateway.files.format.SampleFiles.SECRET;
import static io.atelier.gateway.files.format.SampleFiles.ascii;
import static io.atelier.gateway.files.format.SampleFiles.chunk;
import static io.atelier.gateway.files.format.SampleFiles.exif;
import static io.atelier.gateway.files.format.SampleFiles.gif;
import static io.atelier.gateway.files.format.SampleFiles.joined;
import static io.atelier.gateway.files.format.SampleFiles.jpeg;
import static io.atelier.gateway.files.format.SampleFiles.png;
import static io.atelier.gateway.files.format.SampleFiles.pngChunk;
import static io.atelier.gateway.files.format.SampleFiles.segment;
import static io.atelier.gateway.files.format.SampleFiles.webp;
import static io.atelier.gateway.files.format.SampleFiles.withChunks;
import static io.atelier.gateway.files.format.SampleFiles.withSegments;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atelier.image.exif.ExifOrientation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CleanImageFileTests {

    private static final byte[] XMP = ascii("http://ns.adobe.com/xap/1.0/\0<x>" + SECRET + "</x>");
    private static final String GENERATED = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";
    private static final byte[] ICC = joined(ascii("ICC_PROFILE\0\1\1"), ascii("a-profile"));

    static Stream<byte[]> plainFiles() {
        return Stream.of(png(20, 10, 1), jpeg(20, 10, 1), gif(20, 10, 1), webp(20, 10));
    }

    /** Files of 20 x 10 pixels with every place in which a secret can be. */
    static Stream<byte[]> filesWithMetadata() {
        var text = ascii("Comment\0" + SECRET);
        var withExtensions = gif(20, 10, 2);
        int at = 13 + (3 << ((withExtensions[10] & 7) + 1));
        var comment = joined(new byte[] {0x21, (byte) 0xFE, (byte) SECRET.length()}, ascii(SECRET), new byte[1]);
        var application = joined(
                new byte[] {0x21, (byte) 0xFF, 11},
                ascii("XMP DataXMP"),
                new byte[] {(byte) SECRET.length()},
                ascii(SECRET),
                new byte[1]);
        return Stream.of(
                joined(
                        withChunks(
                                png(20, 10, 2),
                                pngChunk("tEXt", text),
                                pngChunk("iTXt", text),
                                pngChunk("zTXt", text),
                                pngChunk("eXIf", exif(1)),
                                pngChunk("tIME", new byte[7]),
                                pngChunk("caBX", text),
                                pngChunk("prVt", text)),
                        ascii(SECRET)),
                joined(
                        withSegments(
                                jpeg(20, 10, 2),
                                segment(0xE1, joined(ExifOrientation.prefix(), exif(1))),
                                segment(0xE1, XMP),
                                segment(0xE2, ascii("MPF\0" + SECRET)),
                                segment(0xED, ascii("Photoshop 3.0\0" + SECRET)),
                                segment(0xEF, ascii(SECRET)),
                                segment(0xFE, ascii(SECRET))),
                        ascii(SECRET)),
                joined(
                        Arrays.copyOf(withExtensions, at),
                        comment,
                        application,
                        Arrays.copyOfRange(withExtensions, at, withExtensions.length),
                        ascii(SECRET)),
                joined(
                        webp(20, 10, chunk("EXIF", exif(1)), chunk("XMP ", XMP), chunk("priv", ascii(SECRET))),
                        ascii(SECRET)));
    }

    @ParameterizedTest
    @MethodSource("plainFiles")
    void filesWithoutMetadataStayAsTheyAre(byte[] file) throws ImageFileRefused {
        var clean = CleanImageFile.of(file);

        assertThat(clean.width()).isEqualTo(20);
        assertThat(clean.height()).isEqualTo(10);
        assertThat(clean.pixels()).isEqualTo(200);
        assertThat(clean.bytes()).isEqualTo(file);
    }

    @Test
    void recognisesTheMediaType() throws ImageFileRefused {
        assertThat(CleanImageFile.of(png(20, 10, 1)).mediaType()).isEqualTo("image/png");
        assertThat(CleanImageFile.of(jpeg(20, 10, 1)).mediaType()).isEqualTo("image/jpeg");
        assertThat(CleanImageFile.of(gif(20, 10, 1)).mediaType()).isEqualTo("image/gif");
        assertThat(CleanImageFile.of(webp(20, 10)).mediaType()).isEqualTo("image/webp");
    }

    /** Files whose packets have the mark of generated images beside a secret, in different notations. */
    static Stream<byte[]> markedFiles() throws IOException {
        var element =
                ascii("<Iptc4xmpExt:DigitalSourceType>" + GENERATED + "</Iptc4xmpExt:DigitalSourceType><a>" + SECRET);
        var attribute = ascii("<d " + SECRET + " x:DigitalSourceType = \"" + GENERATED + "\"/>");
        var resource =
                ascii(SECRET + "<i:DigitalSourceType rdf:resource='" + GENERATED.replace("http:", "https:") + "'/>");
        var compressed = new ByteArrayOutputStream();
        try (var deflater = new DeflaterOutputStream(compressed)) {
            deflater.write(element);
        }
        var keyword = ascii("XML:com.adobe.xmp\0");
        return Stream.of(
                withChunks(png(20, 10, 2), pngChunk("iTXt", joined(keyword, new byte[4], attribute))),
                withChunks(
                        png(20, 10, 2),
                        pngChunk(
                                "iTXt",
                                joined(keyword, new byte[] {1, 0, 'e', 'n', 0, 'x', 0}, compressed.toByteArray()))),
                withSegments(jpeg(20, 10, 2), segment(0xE1, joined(ascii("http://ns.adobe.com/xap/1.0/\0"), resource))),
                webp(20, 10, chunk("XMP ", element)));
    }

    @ParameterizedTest
    @MethodSource("markedFiles")
    void keepsTheMarkOfGeneratedImagesAlone(byte[] file) throws Exception {
        var clean = CleanImageFile.of(file);

        assertThat(text(clean.bytes()))
                .containsOnlyOnce("DigitalSourceType>" + GENERATED + "<")
                .doesNotContain(SECRET);
        assertThat(CleanImageFile.of(clean.bytes())).isEqualTo(clean);
        if (!clean.mediaType().equals(CleanImageFile.WEBP)) {
            assertThat(ImageIO.read(new ByteArrayInputStream(clean.bytes())).getWidth())
                    .isEqualTo(20);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "XML:com.adobe.xmp",
                "XML:com.adobe.xmp\0",
                "XML:com.adobe.xmp\0\0",
                "XML:com.adobe.xmp\0\1\0\0\0no deflate",
                "XML:com.adobe.xmp\0\0\0\0\0DigitalSourceType http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",
                "XML:com.adobe.xmp\0\0\0\0\0http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
            })
    void otherPacketsAreRemovedWhole(String chunk) throws Exception {
        var clean = CleanImageFile.of(withChunks(png(20, 10, 2), pngChunk("iTXt", ascii(chunk))));

        assertThat(clean.bytes()).isEqualTo(CleanImageFile.of(png(20, 10, 2)).bytes());
    }

    @ParameterizedTest
    @MethodSource("filesWithMetadata")
    void removesWhatSaysWhoWhenAndWhere(byte[] file) throws Exception {
        var clean = CleanImageFile.of(file);

        assertThat(text(file)).contains(SECRET);
        assertThat(text(clean.bytes())).doesNotContain(SECRET, "Exif", "eXIf", "EXIF");
        assertThat(clean.width()).isEqualTo(20);
        assertThat(CleanImageFile.of(clean.bytes())).isEqualTo(clean);
        assertSamePixels(file, clean.bytes());
    }

    @Test
    void firstOrientationOfAPngCounts() throws Exception {
        var clean = CleanImageFile.of(withChunks(png(20, 10, 3), pngChunk("eXIf", exif(6)), pngChunk("eXIf", exif(1))));

        assertThat(clean.width()).isEqualTo(10);
        assertThat(CleanImageFile.of(clean.bytes())).isEqualTo(clean);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 6, 8})
    void keepsTheOrientationAndNothingElseOfExif(int orientation) throws Exception {
        var files = Stream.of(
                withSegments(jpeg(20, 10, 3), segment(0xE1, joined(ExifOrientation.prefix(), exif(orientation)))),
                withChunks(png(20, 10, 3), pngChunk("eXIf", exif(orientation))),
                webp(20, 10, chunk("EXIF", exif(orientation))));

        for (var file : files.toList()) {
            var cleanFile = CleanImageFile.of(file);
            var clean = cleanFile.bytes();

            assertThat(cleanFile.width()).isEqualTo(orientation >= 5 ? 10 : 20);
            assertThat(cleanFile.height()).isEqualTo(orientation >= 5 ? 20 : 10);
            assertThat(text(clean)).doesNotContain(SECRET);
            int exif = text(clean).indexOf("MM\0*");
            assertThat(exif).isPositive();
            assertThat(ExifOrientation.of(Arrays.copyOfRange(clean, exif, clean.length)))
                    .isEqualTo(orientation);
            assertThat(CleanImageFile.of(clean).bytes()).isEqualTo(clean);
            assertSamePixels(file, clean);
        }
    }

    @Test
    void keepsColourProfiles() throws ImageFileRefused {
        var gamma = pngChunk("gAMA", new byte[] {0, 0, (byte) 0xB1, (byte) 0x8F});
        var resolution = pngChunk("pHYs", new byte[] {0, 0, 0x0B, 0x13, 0, 0, 0x0B, 0x13, 1});
        var png = withChunks(png(8, 8, 4), gamma, resolution);
        var jpeg = withSegments(jpeg(8, 8, 4), segment(0xE2, ICC), segment(0xEE, ascii("Adobe\0\144\0\0\0\0\1")));
        var webp = webp(8, 8, chunk("ICCP", ascii("a-profile")));

        assertThat(CleanImageFile.of(png).bytes()).isEqualTo(png);
        assertThat(CleanImageFile.of(jpeg).bytes()).isEqualTo(jpeg);
        assertThat(text(CleanImageFile.of(webp).bytes())).contains("ICCPa-profile".substring(0, 4), "a-profile");
    }

    @Test
    void correctsTheFlagsAndTheLengthOfAWebp() throws ImageFileRefused {
        var clean = CleanImageFile.of(webp(20, 10, chunk("EXIF", exif(6)), chunk("XMP ", XMP)))
                .bytes();

        assertThat(clean[20] & 0xFF).isEqualTo(0x08);
        assertThat(clean[4] & 0xFF).isEqualTo(clean.length - 8);
        assertThat(CleanImageFile.of(webp(20, 10, chunk("EXIF", exif(1)))).bytes()[20])
                .isZero();
    }

    @Test
    void removesTheThumbnailOfJfif() throws Exception {
        var jpeg = jpeg(20, 10, 5);
        var thumbnail = joined(Arrays.copyOfRange(jpeg, 6, 18), new byte[] {1, 1}, ascii("xyz"));
        var file = joined(
                new byte[] {(byte) 0xFF, (byte) 0xD8},
                segment(0xE0, thumbnail),
                Arrays.copyOfRange(jpeg, 20, jpeg.length));

        var clean = CleanImageFile.of(file).bytes();

        assertThat(clean).isEqualTo(jpeg);
        assertSamePixels(file, clean);
    }

    @ParameterizedTest
    @MethodSource({"plainFiles", "filesWithMetadata"})
    void refusesFilesThatEndEarly(byte[] file) {
        for (int length = 0; length < file.length - SECRET.length() - 1; length += 1 + length / 20) {
            var cut = Arrays.copyOf(file, length);
            assertThatThrownBy(() -> CleanImageFile.of(cut)).isInstanceOf(ImageFileRefused.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "\u0089PNG\r\n\u001a\n",
                "GIF89a",
                "RIFF\0\0\0\0WEBP",
                "%PDF-1.7",
                "<svg xmlns=''/>",
                "\0\0\0\u001cftypavif"
            })
    void refusesWhatIsNoImage(String content) {
        assertThatThrownBy(() -> CleanImageFile.of(ascii(content))).isInstanceOf(ImageFileRefused.class);
    }

    @Test
    void refusesWrongChecksumsAndUnknownCriticalChunks() {
        var damaged = png(8, 8, 6);
        damaged[damaged.length - 20] ^= 1;
        assertThatThrownBy(() -> CleanImageFile.of(damaged)).hasMessageContaining("checksum");
        assertThatThrownBy(() -> CleanImageFile.of(withChunks(png(8, 8, 6), pngChunk("CRIT", new byte[0]))))
                .hasMessageContaining("critical chunk");
    }

    @Test
    void saysTheSizeOfABombWithoutDecodingIt() throws ImageFileRefused {
        var bomb = png(8, 8, 7);
        var header = Arrays.copyOfRange(bomb, 16, 29);
        header[2] = (byte) 0xC3;
        header[3] = 0x50;
        header[6] = (byte) 0xC3;
        header[7] = 0x50;
        var file = joined(Arrays.copyOf(bomb, 8), pngChunk("IHDR", header), Arrays.copyOfRange(bomb, 33, bomb.length));

        assertThat(CleanImageFile.of(file).pixels()).isEqualTo(2_500_000_000L);
    }

    @Test
    void neverFailsOtherwiseOnMutatedFiles() {
        long seed = 20261128;
        var random = new Random(seed);
        var originals = Stream.concat(plainFiles(), filesWithMetadata()).toList();
        for (int i = 0; i < 20_000; i++) {
            var file = originals.get(i % originals.size()).clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                file[random.nextInt(file.length)] = (byte) random.nextInt(256);
            }
            try {
                var clean = CleanImageFile.of(file);
                assertThat(clean.bytes().length).isLessThanOrEqualTo(file.length + 1);
            } catch (ImageFileRefused e) {
                assertThat(e).message().isNotEmpty();
            } catch (RuntimeException e) {
                throw new AssertionError("seed %d, file %d".formatted(seed, i), e);
            }
        }
    }

    private static void assertSamePixels(byte[] first, byte[] second) throws IOException {
        var before = ImageIO.read(new ByteArrayInputStream(first));
        if (before == null) {
            // ImageIO reads no WebP here: its pixels are a chunk that is copied.
            return;
        }
        var after = ImageIO.read(new ByteArrayInputStream(second));
        assertThat(after.getWidth()).isEqualTo(before.getWidth());
        for (int y = 0; y < before.getHeight(); y++) {
            for (int x = 0; x < before.getWidth(); x++) {
                assertThat(after.getRGB(x, y)).isEqualTo(before.getRGB(x, y));
            }
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
