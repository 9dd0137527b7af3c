package io.atelier.image.png;

import io.atelier.contract.image.DigitalSourceType;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/** Writes and reads XMP packets (ISO 16684-1) with the digital source type of IPTC Photo Metadata, by which programs recognise generated images. */
public final class XmpPacket {

    /** The keyword of the text chunk of a PNG that has a packet. */
    static final String KEYWORD = "XML:com.adobe.xmp";

    private static final String SOURCE_TYPE = "DigitalSourceType";
    private static final String RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
    private static final String IPTC_EXTENSION = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/";

    /** Properties of IPTC Photo Metadata 2025.1 by the keyword of the text that they repeat. */
    private static final Map<String, String> PROPERTIES =
            Map.of("model", "AISystemUsed", "prompt", "AIPromptInformation");

    private XmpPacket() {}

    /**
     * A packet.
     *
     * @param text the other texts of the file by keyword. Model and prompt are repeated, if they are there
     */
    static String write(DigitalSourceType source, Map<String, String> text) {
        var lines = new ArrayList<String>();
        lines.add("<?xpacket begin=\"\uFEFF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>");
        lines.add("<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">");
        lines.add("<rdf:RDF xmlns:rdf=\"" + RDF + "\">");
        lines.add("<rdf:Description rdf:about=\"\" xmlns:Iptc4xmpExt=\"" + IPTC_EXTENSION + "\">");
        lines.add(property(SOURCE_TYPE, source.uri()));
        PROPERTIES.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .flatMap(entry ->
                        Stream.ofNullable(text.get(entry.getKey())).map(value -> property(entry.getValue(), value)))
                .forEach(lines::add);
        lines.add("</rdf:Description>");
        lines.add("</rdf:RDF>");
        lines.add("</x:xmpmeta>");
        lines.add("<?xpacket end=\"r\"?>");
        return String.join("\n", lines);
    }

    private static String property(String name, String value) {
        var escaped = VisibleCharacters.of(value)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
        return "<Iptc4xmpExt:%1$s>%2$s</Iptc4xmpExt:%1$s>".formatted(name, escaped);
    }

    /**
     * The digital source type of a packet that need not be ours: as an element or an attribute, in any prefix. Empty if there is none, if it is not
     * that of generated media, or if the packet is no well-formed XML. Document types are not read, so entities expand to nothing.
     */
    public static Optional<DigitalSourceType> sourceType(String packet) {
        try {
            var xml = factory().createXMLStreamReader(new StringReader(packet));
            while (xml.hasNext()) {
                if (xml.next() == XMLStreamConstants.START_ELEMENT) {
                    var uri = uri(xml);
                    if (uri != null) {
                        return DigitalSourceType.ofUri(uri);
                    }
                }
            }
            return Optional.empty();
        } catch (XMLStreamException e) {
            return Optional.empty();
        }
    }

    private static @Nullable String uri(XMLStreamReader xml) throws XMLStreamException {
        if (IPTC_EXTENSION.equals(xml.getNamespaceURI()) && xml.getLocalName().equals(SOURCE_TYPE)) {
            @Nullable String resource = xml.getAttributeValue(RDF, "resource");
            return resource == null ? xml.getElementText() : resource;
        }
        return xml.getAttributeValue(IPTC_EXTENSION, SOURCE_TYPE);
    }

    private static XMLInputFactory factory() {
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return factory;
    }
}
