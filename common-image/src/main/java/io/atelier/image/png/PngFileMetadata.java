package io.atelier.image.png;

import io.atelier.contract.image.DigitalSourceType;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a PNG file says about its image beside the pixels. Read without decoding anything, from a file that need not be trusted: compressed texts,
 * damaged chunks and what is too long are passed over.
 *
 * @param text texts by keyword, without XMP; of several with the same keyword the first one
 * @param source the digital source type in XMP, if it is one of generated media
 * @param hasContentCredentials whether there is a C2PA manifest (chunk {@code caBX})
 */
public record PngFileMetadata(
        Map<String, String> text, Optional<DigitalSourceType> source, boolean hasContentCredentials) {

    /** The largest chunk that is read, in bytes: room for a prompt of 32,000 characters, all of which are escaped in XMP. */
    private static final int MAX_TEXT_BYTES = 512 * 1024;

    /** Bytes of all texts together. */
    private static final int MAX_ALL_TEXT_BYTES = 2 * MAX_TEXT_BYTES;

    private static final int MAX_TEXTS = 64;
    private static final int BODY = 8;

    public PngFileMetadata {
        // In the order of the file, so that the same file always gives the same tiles.
        text = Collections.unmodifiableMap(new LinkedHashMap<>(text));
    }

    /** Reads the chunks of a file up to its end or its first fault. */
    public static PngFileMetadata read(byte[] file) {
        return new Chunks(file).read();
    }

    /** The first undamaged Exif data of a file, a TIFF structure; empty if there are none before its end or its first fault. */
    public static Optional<byte[]> exif(byte[] file) {
        var chunks = new Chunks(file);
        chunks.read();
        return Optional.ofNullable(chunks.exif);
    }

    /** Whether the texts are ours, so that they describe the image and the job that it is from. */
    public boolean isOurs() {
        return PngTextChunks.SOFTWARE.equals(text.get("Software"));
    }

    /** Goes over the chunks of a file once. */
    private static final class Chunks {

        private final byte[] file;
        private final Map<String, String> text = new LinkedHashMap<>();
        private Optional<DigitalSourceType> source = Optional.empty();
        private boolean hasContentCredentials;
        private byte @Nullable [] exif;
        private int textBytes;

        Chunks(byte[] file) {
            this.file = file;
        }

        PngFileMetadata read() {
            var buffer = ByteBuffer.wrap(file);
            int at = PngReader.SIGNATURE.length;
            while (at <= file.length - PngChunk.OVERHEAD) {
                int length = buffer.getInt(at);
                if (length < 0 || length > file.length - at - PngChunk.OVERHEAD) {
                    break;
                }
                var type = new String(file, at + 4, 4, StandardCharsets.ISO_8859_1);
                hasContentCredentials |= type.equals("caBX");
                if (exif == null
                        && type.equals("eXIf")
                        && length <= MAX_TEXT_BYTES
                        && isUndamaged(buffer, at, length)) {
                    exif = Arrays.copyOfRange(file, at + BODY, at + BODY + length);
                }
                boolean isText = type.equals("tEXt") || type.equals("iTXt");
                if (isText && fits(length) && isUndamaged(buffer, at, length)) {
                    add(type, at + BODY, length);
                }
                at += PngChunk.OVERHEAD + length;
            }
            return new PngFileMetadata(text, source, hasContentCredentials);
        }

        private boolean isUndamaged(ByteBuffer buffer, int at, int length) {
            return buffer.getInt(at + BODY + length) == PngChunk.crc(file, at + 4, 4 + length);
        }

        private boolean fits(int length) {
            return length <= MAX_TEXT_BYTES && textBytes + length <= MAX_ALL_TEXT_BYTES && text.size() < MAX_TEXTS;
        }

        private void add(String type, int start, int length) {
            textBytes += length;
            int end = start + length;
            int keywordEnd = zero(start, end);
            var keyword = string(start, keywordEnd, StandardCharsets.ISO_8859_1);
            if (!PngTextChunks.isKeyword(keyword) || keywordEnd == end) {
                return;
            }
            if (type.equals("tEXt")) {
                text.putIfAbsent(keyword, string(keywordEnd + 1, end, StandardCharsets.ISO_8859_1));
                return;
            }
            // Then: whether it is compressed, the method, a language and a translated keyword, each of which ends with
            // a zero.
            boolean isPlain = keywordEnd + 2 < end && file[keywordEnd + 1] == 0;
            int translatedEnd = isPlain ? zero(zero(keywordEnd + 3, end) + 1, end) : end;
            if (translatedEnd < end) {
                addInternational(keyword, string(translatedEnd + 1, end, StandardCharsets.UTF_8));
            }
        }

        private void addInternational(String keyword, String value) {
            if (!keyword.equals(XmpPacket.KEYWORD)) {
                text.putIfAbsent(keyword, value);
            } else if (source.isEmpty()) {
                source = XmpPacket.sourceType(value);
            }
        }

        /** The place of the next zero; the end if there is none. */
        private int zero(int from, int end) {
            int at = Math.min(from, end);
            while (at < end && file[at] != 0) {
                at++;
            }
            return at;
        }

        private String string(int start, int end, Charset charset) {
            return new String(file, start, end - start, charset);
        }
    }
}
