package io.atelier.standalone.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;

class ImageProtocolTests {

    private static final String STRING_END = "\u001B\\";

    @Test
    void isChosenByWhatTheTerminalAnswers() {
        assertThat(ImageProtocol.of(
                        "\u001B_Gi=31;OK" + STRING_END + "\u001BP>|kitty(0.35)" + STRING_END + "\u001B[?62;c"))
                .contains(ImageProtocol.KITTY);
        assertThat(ImageProtocol.of("\u001BP>|iTerm2 3.5.0" + STRING_END + "\u001B[?62;4c"))
                .contains(ImageProtocol.ITERM2);
        assertThat(ImageProtocol.of("\u001B[?62;4;22c")).contains(ImageProtocol.SIXEL);
        assertThat(ImageProtocol.of("\u001B[?62;14;22c")).isEmpty();
        assertThat(ImageProtocol.of("")).isEmpty();
    }

    @Test
    void sendsAPngToKittyInChunks() throws Exception {
        var text = ImageProtocol.KITTY.encode(new byte[6000], 40);

        assertThat(text).startsWith("\u001B_Ga=T,f=100,q=2,c=40,m=1;AAAA").endsWith(STRING_END + "\n");
        assertThat(text.split("\u001B_G", -1)).hasSize(3);
        assertThat(text).contains("\u001B_Gm=0;");
    }

    @Test
    void sixelsHaveTheNearestColours() {
        var image = new BufferedImage(8, 7, BufferedImage.TYPE_INT_RGB);
        for (int x = 0; x < 8; x++) {
            for (int y = 0; y < 7; y++) {
                image.setRGB(x, y, 0xff0000);
            }
        }

        var text = SixelEncoder.encode(image, 100);

        // 5 of 6 levels of red, none of the others: colour 5 * 42. Six rows of eight pixels, then the seventh row.
        assertThat(text)
                .startsWith("\u001BPq\"1;1;8;7#0;2;0;0;0")
                .contains("#210;2;100;0;0")
                .endsWith("#210!8~$-#210!8@$-" + STRING_END);
    }

    @Test
    void previewFitsTheTerminal() {
        assertThat(TerminalPreview.columns(1024, 1024, 200)).isEqualTo(48);
        assertThat(TerminalPreview.columns(1024, 1024, 30)).isEqualTo(30);
        assertThat(TerminalPreview.columns(256, 1024, 200)).isEqualTo(12);
    }
}
