package io.atelier.gateway.files.format;

import io.atelier.contract.image.DigitalSourceType;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The mark of generated images: the digital source type of IPTC in an XMP packet. All else in a packet says something of persons or tools, so a cleaned
 * file gets a packet of ours with the mark alone.
 */
final class SourceTypeMark {

    /** Where packets begin in a JPEG. */
    static final byte[] JPEG_PREFIX = "http://ns.adobe.com/xap/1.0/\0".getBytes(StandardCharsets.US_ASCII);

    /** Where the text chunk of a PNG with a packet begins. */
    static final byte[] PNG_PREFIX = "XML:com.adobe.xmp\0".getBytes(StandardCharsets.US_ASCII);

    /** More than this of a packet is not looked at. */
    private static final int MAX_PACKET = 256 * 1024;

    /** The property as an element, as an attribute, or with its value as a resource. */
    private static final Pattern VALUE = Pattern.compile(
            "DigitalSourceType[^<]{0,64}?(https?://cv\\.iptc\\.org/newscodes/digitalsourcetype/\\w{1,64})");

    private static final String PACKET = """
        <?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
        <x:xmpmeta xmlns:x="adobe:ns:meta/">
        <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
        <rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">
        <Iptc4xmpExt:DigitalSourceType>%s</Iptc4xmpExt:DigitalSourceType>
        </rdf:Description>
        </rdf:RDF>
        </x:xmpmeta>
        <?xpacket end="r"?>""";

    private SourceTypeMark() {}

    /** The type in a packet; empty if it has none, or another than those of generated media. Reads it as text: what is no XML does no harm. */
    static Optional<DigitalSourceType> of(byte[] packet) {
        var text = new String(packet, 0, Math.min(packet.length, MAX_PACKET), StandardCharsets.UTF_8);
        var value = VALUE.matcher(text);
        return value.find() ? DigitalSourceType.ofUri(value.group(1)) : Optional.empty();
    }

    /** The type in a text chunk of a PNG, which may be compressed. */
    static Optional<DigitalSourceType> ofTextChunk(byte[] chunk) {
        int flags = PNG_PREFIX.length;
        if (chunk.length < flags + 2 || !Arrays.equals(chunk, 0, flags, PNG_PREFIX, 0, flags)) {
            return Optional.empty();
        }
        // The language and the translated keyword follow, which are texts with an end of their own.
        int text = after(chunk, after(chunk, flags + 2));
        var rest = Arrays.copyOfRange(chunk, Math.min(text, chunk.length), chunk.length);
        return of(chunk[flags] == 0 ? rest : inflated(rest));
    }

    /** A packet with the type alone. */
    static byte[] packet(DigitalSourceType type) {
        return PACKET.formatted(type.uri()).getBytes(StandardCharsets.UTF_8);
    }

    /** The body of a text chunk of a PNG with the type alone. */
    static byte[] textChunk(DigitalSourceType type) {
        var body = new ByteArrayOutputStream();
        body.writeBytes(PNG_PREFIX);
        body.writeBytes(new byte[4]);
        body.writeBytes(packet(type));
        return body.toByteArray();
    }

    /** The place after the next byte that is 0. */
    private static int after(byte[] bytes, int from) {
        int at = from;
        while (at < bytes.length && bytes[at] != 0) {
            at++;
        }
        return at + 1;
    }

    /** As much as is looked at; nothing if it is damaged. */
    private static byte[] inflated(byte[] bytes) {
        var inflater = new Inflater();
        try {
            inflater.setInput(bytes);
            var text = new byte[MAX_PACKET];
            int length = 0;
            while (length < text.length && !inflater.finished()) {
                int more = inflater.inflate(text, length, text.length - length);
                if (more == 0) {
                    break;
                }
                length += more;
            }
            return Arrays.copyOf(text, length);
        } catch (DataFormatException e) {
            return new byte[0];
        } finally {
            inflater.end();
        }
    }
}
