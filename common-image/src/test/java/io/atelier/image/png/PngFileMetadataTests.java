package io.atelier.image.png;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.image.DigitalSourceType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PngFileMetadataTests {

    private final RawPng png = RawPng.random(4, 3, 2, 8, new Random(5));

    @Test
    void textsAndSourceTypeAreReadAsTheyWereWritten() throws Exception {
        var texts = new LinkedHashMap<String, String>();
        texts.put("Software", "Atelier");
        texts.put("prompt", "ein Bär \uD83D\uDC3B\nliest <&>");
        texts.put("seed", "7");
        var written = new PngTextChunks(texts).marked(DigitalSourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA);

        var read = PngFileMetadata.read(new PngWriter().write(PngImage.read(png.file(false)), written));

        assertThat(read.text()).isEqualTo(texts);
        assertThat(read.text().keySet()).containsExactlyElementsOf(texts.keySet());
        assertThat(read.source()).contains(DigitalSourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA);
        assertThat(read.hasContentCredentials()).isFalse();
        assertThat(read.isOurs()).isTrue();
    }

    @Test
    void aManifestIsFound() {
        var read = PngFileMetadata.read(png.with("caBX", new byte[] {1, 2, 3}).file(false));

        assertThat(read.hasContentCredentials()).isTrue();
        assertThat(read.isOurs()).isFalse();
    }

    @Test
    void whatIsCompressedDamagedOrWithoutAKeywordIsPassedOver() {
        var file = png.with("zTXt", bytes("Comment\0\0xx"))
                .with("iTXt", bytes("XML:com.adobe.xmp\0\1\0\0\0xx"))
                .with("tEXt", bytes("no end of the keyword"))
                .file(false);

        assertThat(PngFileMetadata.read(file)).isEqualTo(new PngFileMetadata(Map.of(), Optional.empty(), false));

        var damaged = png.with("tEXt", bytes("Software\0Atelier")).file(false);
        damaged[new String(damaged, StandardCharsets.ISO_8859_1).indexOf("Atelier")] = 'B';
        assertThat(PngFileMetadata.read(damaged).text()).isEmpty();
    }

    @Test
    void aTextThatIsTooLongIsPassedOver() {
        var body = new byte[600_000];
        Arrays.fill(body, (byte) 'x');
        body[7] = 0;

        assertThat(PngFileMetadata.read(png.with("tEXt", body).file(false)).text())
                .isEmpty();
    }

    @Test
    void aFileThatIsCutOffOrNoPngGivesWhatItHas() {
        var file = png.with("tEXt", bytes("Software\0Atelier"))
                .with("iTXt", bytes("k\0\0\0"))
                .file(false);

        for (int length = 0; length < file.length; length++) {
            assertThat(PngFileMetadata.read(Arrays.copyOf(file, length)).source())
                    .isEmpty();
        }
        assertThat(PngFileMetadata.read(bytes("no image, but a long enough text"))
                        .text())
                .isEmpty();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
