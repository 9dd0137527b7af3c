package io.atelier.image.png;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.image.DigitalSourceType;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;

class XmpPacketTests {

    private static final String IPTC_EXTENSION = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/";
    private static final String FOREIGN =
            "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><r:Description xmlns:i='" + IPTC_EXTENSION
                    + "' %s</r:RDF>";

    @ParameterizedTest
    @EnumSource(DigitalSourceType.class)
    void theSourceTypeIsReadAsItWasWritten(DigitalSourceType type) {
        assertThat(XmpPacket.sourceType(XmpPacket.write(type, Map.of()))).contains(type);
    }

    @Test
    void modelAndPromptAreProperties() throws Exception {
        var packet = XmpPacket.write(
                DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA, Map.of("model", "sdxl", "prompt", "a \"cat\" & a dog"));

        assertThat(property(packet, "AISystemUsed")).isEqualTo("sdxl");
        assertThat(property(packet, "AIPromptInformation")).isEqualTo("a \"cat\" & a dog");
        assertThat(packet).startsWith("<?xpacket begin=\"\uFEFF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>");
        assertThat(packet).endsWith("<?xpacket end=\"r\"?>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "</Iptc4xmpExt:AIPromptInformation><Iptc4xmpExt:DigitalSourceType>x</Iptc4xmpExt:DigitalSourceType>",
                "]]>",
                "<![CDATA[",
                "<?xpacket end=\"w\"?>",
                "&amp; &#0; &lol;",
                "\" Iptc4xmpExt:DigitalSourceType=\"http://cv.iptc.org/newscodes/digitalsourcetype/compositeSynthetic",
                "a\0b\u0001c\u001B[31m\uFFFE\uFFFF",
                "\uD83D lone \uDC3B",
                "line\r\nline\rline\u0085\u2028",
                "ein Bär \uD83D\uDC3B \u202E"
            })
    void hostilePromptsChangeNothingElse(String prompt) throws Exception {
        var packet = XmpPacket.write(DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA, Map.of("prompt", prompt));

        assertThat(property(packet, "DigitalSourceType"))
                .isEqualTo("http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia");
        assertThat(property(packet, "AIPromptInformation")).isEqualTo(VisibleCharacters.of(prompt));
        assertThat(XmpPacket.sourceType(packet)).contains(DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "i:DigitalSourceType='https://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia'/>",
                "><i:DigitalSourceType r:resource='http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia'/></r:Description>",
                "><i:DigitalSourceType> http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia\n</i:DigitalSourceType></r:Description>"
            })
    void packetsOfOthersAreReadInAnyForm(String description) {
        assertThat(XmpPacket.sourceType(FOREIGN.formatted(description))).contains(DigitalSourceType.ALGORITHMIC_MEDIA);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "i:DigitalSourceType='http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture'/>",
                "i:DigitalSourceType='trainedAlgorithmicMedia'/>",
                "DigitalSourceType='http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia'/>",
                "/>",
                ""
            })
    void otherPacketsHaveNoSourceType(String description) {
        assertThat(XmpPacket.sourceType(FOREIGN.formatted(description))).isEmpty();
    }

    @Test
    void entitiesAreNotExpanded() {
        var bomb = new StringBuilder(
                "<!DOCTYPE x [<!ENTITY e0 'http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia'>");
        for (int i = 1; i < 30; i++) {
            bomb.append("<!ENTITY e%d '&e%d;&e%d;'>".formatted(i, i - 1, i - 1));
        }
        bomb.append("<!ENTITY file SYSTEM 'file:///etc/passwd'>]>");

        assertThat(XmpPacket.sourceType(
                        bomb + FOREIGN.formatted("><i:DigitalSourceType>&e29;</i:DigitalSourceType></r:Description>")))
                .isEmpty();
        assertThat(XmpPacket.sourceType(
                        bomb + FOREIGN.formatted("><i:DigitalSourceType>&e0;</i:DigitalSourceType></r:Description>")))
                .isEmpty();
        assertThat(XmpPacket.sourceType(
                        bomb + FOREIGN.formatted("><i:DigitalSourceType>&file;</i:DigitalSourceType></r:Description>")))
                .isEmpty();
    }

    private static String property(String packet, String name) throws Exception {
        var factory = DocumentBuilderFactory.newDefaultInstance();
        factory.setNamespaceAware(true);
        Document document =
                factory.newDocumentBuilder().parse(new ByteArrayInputStream(packet.getBytes(StandardCharsets.UTF_8)));
        var elements = document.getElementsByTagNameNS(IPTC_EXTENSION, name);
        assertThat(elements.getLength()).isEqualTo(1);
        return elements.item(0).getTextContent();
    }
}
