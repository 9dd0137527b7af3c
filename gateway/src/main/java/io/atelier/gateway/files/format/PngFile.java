package io.atelier.gateway.files.format;

import io.atelier.image.exif.ExifOrientation;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Cleans PNG files: only chunks that pixels need are kept, and the mark of generated images; what follows the end is dropped. All checksums are checked. */
final class PngFile {

    static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

    private static final String HEADER = "IHDR";
    private static final int HEADER_LENGTH = 13;
    private static final String DATA = "IDAT";
    private static final String END = "IEND";
    private static final String EXIF = "eXIf";
    private static final String TEXT = "iTXt";
    private static final int PALETTE_COLOURS = 3;

    private static final Set<String> CRITICAL = Set.of(HEADER, "PLTE", DATA, END);

    /** What changes how pixels look, and the frames of an animation. */
    private static final Set<String> KEPT = Set.of(
            "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "cICP", "mDCV", "cLLI", "sBIT", "bKGD", "hIST", "pHYs", "sPLT",
            "acTL", "fcTL", "fdAT");

    private PngFile() {}

    static CleanImageFile clean(FileBytes input) throws ImageFileRefused {
        var output = new FileOutput(input.length());
        output.write(SIGNATURE);
        requireHeader(input);
        boolean hasPalette = false;
        boolean hasData = false;
        boolean hasExif = false;
        boolean isMarked = false;
        int orientation = ExifOrientation.UPRIGHT;
        long at = SIGNATURE.length;
        while (true) {
            long length = input.bigEndian(at, 4);
            var type = type(input, at + 4);
            input.require(at, 12 + length);
            if (input.crc(at + 4, 4 + length) != input.bigEndian(at + 8 + length, 4)) {
                throw new ImageFileRefused("is damaged: the checksum of its chunk %s is wrong.".formatted(type));
            }
            if (CRITICAL.contains(type) || KEPT.contains(type)) {
                input.copyTo(output, at, 12 + length);
            } else if (type.equals(EXIF) && !hasExif) {
                // A file may have it once; workers take the first one, too.
                hasExif = true;
                orientation = ExifOrientation.of(input.copy(at + 8, length));
                writeOrientation(orientation, output);
            } else if (type.equals(TEXT) && !isMarked) {
                var mark = SourceTypeMark.ofTextChunk(input.copy(at + 8, length));
                isMarked = mark.isPresent();
                mark.ifPresent(found -> writeChunk(TEXT, SourceTypeMark.textChunk(found), output));
            } else if (Character.isUpperCase(type.charAt(0))) {
                throw new ImageFileRefused("is damaged: it has the unknown critical chunk %s.".formatted(type));
            }
            hasPalette |= type.equals("PLTE");
            hasData |= type.equals(DATA);
            at += 12 + length;
            if (type.equals(END)) {
                break;
            }
        }
        boolean needsPalette = input.octet(SIGNATURE.length + 8 + 9) == PALETTE_COLOURS;
        if (!hasData || (needsPalette && !hasPalette)) {
            throw new ImageFileRefused("is damaged: it has no %s.".formatted(hasData ? "palette" : "pixels"));
        }
        long header = SIGNATURE.length + 8L;
        return CleanImageFile.of(
                CleanImageFile.PNG, input.bigEndian(header, 4), input.bigEndian(header + 4, 4), orientation, output);
    }

    private static void requireHeader(FileBytes input) throws ImageFileRefused {
        long at = SIGNATURE.length;
        if (input.bigEndian(at, 4) != HEADER_LENGTH || !type(input, at + 4).equals(HEADER)) {
            throw new ImageFileRefused("is damaged: it does not begin with its header.");
        }
        int depth = input.octet(at + 8 + 8);
        boolean isKnown = switch (input.octet(at + 8 + 9)) {
            case 0 -> depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
            case PALETTE_COLOURS -> depth == 1 || depth == 2 || depth == 4 || depth == 8;
            case 2, 4, 6 -> depth == 8 || depth == 16;
            default -> false;
        };
        if (!isKnown || input.bigEndian(at + 8 + 10, 2) != 0 || input.octet(at + 8 + 12) > 1) {
            throw new ImageFileRefused("is damaged: its header names a form of pixels that PNG does not have.");
        }
    }

    private static String type(FileBytes input, long at) throws ImageFileRefused {
        var type = new String(input.copy(at, 4), StandardCharsets.US_ASCII);
        if (!type.chars().allMatch(letter -> (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z'))) {
            throw new ImageFileRefused("is damaged: what should be the name of a chunk is none.");
        }
        return type;
    }

    private static void writeOrientation(int orientation, FileOutput output) {
        if (orientation == ExifOrientation.UPRIGHT) {
            return;
        }
        writeChunk(EXIF, ExifOrientation.only(orientation), output);
    }

    private static void writeChunk(String type, byte[] body, FileOutput output) {
        output.writeBigEndian(body.length, 4);
        int start = output.length();
        output.write(type.getBytes(StandardCharsets.US_ASCII));
        output.write(body);
        output.writeCrcSince(start);
    }
}
