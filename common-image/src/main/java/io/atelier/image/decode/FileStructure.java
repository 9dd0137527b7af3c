package io.atelier.image.decode;

import io.atelier.contract.image.DigitalSourceType;
import io.atelier.image.exif.ExifOrientation;
import io.atelier.image.png.PngFileMetadata;
import io.atelier.image.png.XmpPacket;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What lies beside the pixels of a file and decides how they look. Image readers of Java do not report it.
 *
 * @param orientation 1 to 8 as in Exif; 1 if the file has none
 * @param profile the ICC profile of a JPEG; empty if it has none
 * @param isComplete whether the file is as long as it says
 * @param isAnimated whether it has several images
 * @param scans how often a decoder of a JPEG goes over the whole image; 0 for other formats
 * @param source how its pixels came to be, as an XMP packet says; for PNG, its own reader says it
 * @param hasContentCredentials whether there is a C2PA manifest, which is not valid for an image in another format
 */
record FileStructure(
        int orientation,
        Profile profile,
        boolean isComplete,
        boolean isAnimated,
        int scans,
        Optional<DigitalSourceType> source,
        boolean hasContentCredentials) {

    private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] XMP = "http://ns.adobe.com/xap/1.0/\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ICC = "ICC_PROFILE\0".getBytes(StandardCharsets.US_ASCII);
    /** Where a segment of JPEG XT begins that has boxes of JUMBF. */
    private static final byte[] JUMBF = "JP".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] C2PA = "c2pa".getBytes(StandardCharsets.US_ASCII);

    /** The application extension of a GIF: its introducer, its length, and the identifier of C2PA. */
    private static final byte[] C2PA_GIF = {0x21, (byte) 0xFF, 11, 'C', '2', 'P', 'A', '_', 'G', 'I', 'F'};

    /** The description of the outermost JUMBF box, which has the type of its content, is within the first bytes of a segment. */
    private static final int JUMBF_DESCRIPTION_BYTES = 64;

    private static final int APP1 = 0xE1;
    private static final int APP2 = 0xE2;
    private static final int APP11 = 0xEB;
    private static final int START_OF_SCAN = 0xDA;
    private static final int RIFF_HEADER = 12;

    /** The bytes of an ICC profile. */
    static final class Profile {

        static final Profile NONE = new Profile(new byte[0]);

        private final byte[] bytes;

        Profile(byte[] bytes) {
            this.bytes = bytes;
        }

        /** The bytes themselves, not a copy. */
        @SuppressWarnings("EI_EXPOSE_REP")
        byte[] bytes() {
            return bytes;
        }

        /** Whether it describes grey samples. */
        boolean isGrey() {
            return bytes.length >= 128 && new String(bytes, 16, 4, StandardCharsets.US_ASCII).equals("GRAY");
        }
    }

    /** The structure of a file; the rest of a PNG and of a GIF is described by their own readers. */
    static FileStructure of(byte[] bytes, ImageFileFormat format) {
        return switch (format) {
            case JPEG -> jpeg(bytes);
            case WEBP -> webp(bytes);
            case GIF -> plain(ExifOrientation.UPRIGHT, contains(bytes, bytes.length, C2PA_GIF));
            case PNG ->
                plain(PngFileMetadata.exif(bytes).map(ExifOrientation::of).orElse(ExifOrientation.UPRIGHT), false);
        };
    }

    private static FileStructure plain(int orientation, boolean hasContentCredentials) {
        return new FileStructure(orientation, Profile.NONE, true, false, 0, Optional.empty(), hasContentCredentials);
    }

    private static FileStructure jpeg(byte[] bytes) {
        int orientation = ExifOrientation.UPRIGHT;
        Optional<DigitalSourceType> source = Optional.empty();
        boolean hasContentCredentials = false;
        Map<Integer, byte[]> profileParts = new TreeMap<>();
        int at = 2;
        while (at + 4 <= bytes.length && (bytes[at] & 0xFF) == 0xFF && (bytes[at + 1] & 0xFF) != START_OF_SCAN) {
            int marker = bytes[at + 1] & 0xFF;
            if (marker == 0xFF || marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8)) {
                // Fill bytes, and markers without a segment.
                at += marker == 0xFF ? 1 : 2;
                continue;
            }
            int length = ((bytes[at + 2] & 0xFF) << 8) | (bytes[at + 3] & 0xFF);
            int end = Math.min(bytes.length, at + 2 + length);
            var body = Arrays.copyOfRange(bytes, Math.min(at + 4, end), end);
            if (marker == APP1 && startsWith(body, EXIF) && orientation == ExifOrientation.UPRIGHT) {
                orientation = ExifOrientation.of(body);
            }
            if (marker == APP1 && startsWith(body, XMP) && source.isEmpty()) {
                source = source(body, XMP.length);
            }
            if (marker == APP2 && startsWith(body, ICC) && body.length > ICC.length + 2) {
                profileParts.put(body[ICC.length] & 0xFF, Arrays.copyOfRange(body, ICC.length + 2, body.length));
            }
            hasContentCredentials |= marker == APP11
                    && startsWith(body, JUMBF)
                    && contains(body, Math.min(body.length, JUMBF_DESCRIPTION_BYTES), C2PA);
            at += 2 + Math.max(2, length);
        }
        var profile = new ByteArrayOutputStream();
        profileParts.values().forEach(profile::writeBytes);
        return new FileStructure(
                orientation,
                new Profile(profile.toByteArray()),
                true,
                false,
                scans(bytes, at),
                source,
                hasContentCredentials);
    }

    /** The scans from a place on. In the data of a scan no such marker occurs, and the few segments between scans hardly have any. */
    private static int scans(byte[] bytes, int from) {
        int scans = 0;
        for (int at = from; at + 1 < bytes.length; at++) {
            if ((bytes[at] & 0xFF) == 0xFF && (bytes[at + 1] & 0xFF) == START_OF_SCAN) {
                scans++;
            }
        }
        return scans;
    }

    private static FileStructure webp(byte[] bytes) {
        int orientation = ExifOrientation.UPRIGHT;
        boolean isAnimated = false;
        Optional<DigitalSourceType> source = Optional.empty();
        boolean hasContentCredentials = false;
        boolean isComplete = littleEndian(bytes, 4) + 8 <= bytes.length;
        long at = RIFF_HEADER;
        while (at + 8 <= bytes.length) {
            var type = new String(bytes, (int) at, 4, StandardCharsets.US_ASCII);
            long length = littleEndian(bytes, (int) at + 4);
            long end = Math.min(bytes.length, at + 8 + length);
            if (type.equals("EXIF")) {
                orientation = ExifOrientation.of(Arrays.copyOfRange(bytes, (int) at + 8, (int) end));
            }
            if (type.equals("XMP ") && source.isEmpty()) {
                source = source(Arrays.copyOfRange(bytes, (int) at + 8, (int) end), 0);
            }
            isAnimated |= type.equals("ANIM");
            hasContentCredentials |= type.equals("C2PA");
            at += 8 + length + (length & 1);
        }
        return new FileStructure(orientation, Profile.NONE, isComplete, isAnimated, 0, source, hasContentCredentials);
    }

    private static Optional<DigitalSourceType> source(byte[] packet, int from) {
        return XmpPacket.sourceType(new String(packet, from, packet.length - from, StandardCharsets.UTF_8));
    }

    private static long littleEndian(byte[] bytes, int at) {
        long value = 0;
        for (int i = 3; i >= 0; i--) {
            value = value << 8 | (at + i < bytes.length ? bytes[at + i] & 0xFF : 0);
        }
        return value;
    }

    private static boolean startsWith(byte[] bytes, byte[] prefix) {
        return bytes.length >= prefix.length && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
    }

    /** Whether the bytes before a place contain a sequence. */
    private static boolean contains(byte[] bytes, int end, byte[] sequence) {
        for (int at = 0; at <= end - sequence.length; at++) {
            if (Arrays.equals(bytes, at, at + sequence.length, sequence, 0, sequence.length)) {
                return true;
            }
        }
        return false;
    }
}
