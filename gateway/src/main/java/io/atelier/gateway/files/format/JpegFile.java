package io.atelier.gateway.files.format;

import io.atelier.image.exif.ExifOrientation;
import java.nio.charset.StandardCharsets;

/**
 * Cleans JPEG files: of the application segments, JFIF without its thumbnail, ICC profiles and Adobe's colour transform are kept, the orientation of
 * Exif, and the mark of generated images; comments and what follows the end, such as further images, are dropped.
 */
final class JpegFile {

    static final byte[] SIGNATURE = {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF};

    private static final byte[] JFIF = ascii("JFIF\0");
    private static final byte[] ICC = ascii("ICC_PROFILE\0");
    private static final byte[] ADOBE = ascii("Adobe");
    private static final int JFIF_LENGTH = 16;

    private static final int APP0 = 0xE0;
    private static final int APP1 = 0xE1;
    private static final int APP2 = 0xE2;
    private static final int APP14 = 0xEE;
    private static final int APP15 = 0xEF;
    private static final int COMMENT = 0xFE;
    private static final int START_OF_SCAN = 0xDA;
    private static final int END_OF_IMAGE = 0xD9;
    private static final int FIRST_FRAME = 0xC0;
    private static final int LAST_FRAME = 0xCF;

    private final FileBytes input;
    private final FileOutput output;
    private long at = 2;
    private long width;
    private long height;
    private boolean hasScan;
    private int orientation = ExifOrientation.UPRIGHT;
    private boolean isMarked;

    private JpegFile(FileBytes input) {
        this.input = input;
        this.output = new FileOutput(input.length());
    }

    static CleanImageFile clean(FileBytes input) throws ImageFileRefused {
        return new JpegFile(input).clean();
    }

    private CleanImageFile clean() throws ImageFileRefused {
        input.copyTo(output, 0, 2);
        int marker = nextMarker();
        while (marker != END_OF_IMAGE) {
            segment(marker);
            marker = nextMarker();
        }
        if (!hasScan) {
            throw new ImageFileRefused("is damaged: it has no pixels.");
        }
        output.writeOctet(0xFF);
        output.writeOctet(END_OF_IMAGE);
        return CleanImageFile.of(CleanImageFile.JPEG, width, height, orientation, output);
    }

    /** Moves to the next marker, over fill bytes. */
    private int nextMarker() throws ImageFileRefused {
        if (input.octet(at) != 0xFF) {
            throw new ImageFileRefused("is damaged: a segment does not begin with a marker.");
        }
        while (input.octet(at + 1) == 0xFF) {
            at++;
        }
        return input.octet(at + 1);
    }

    private void segment(int marker) throws ImageFileRefused {
        if (marker < FIRST_FRAME) {
            throw new ImageFileRefused("is damaged: it has the unknown marker %02X.".formatted(marker));
        }
        long length = input.bigEndian(at + 2, 2);
        if (length < 2) {
            throw new ImageFileRefused("is damaged: a segment has no length.");
        }
        input.require(at, 2 + length);
        if (isFrame(marker)) {
            if (width > 0) {
                throw new ImageFileRefused("is damaged: it has two sizes.");
            }
            height = input.bigEndian(at + 5, 2);
            width = input.bigEndian(at + 7, 2);
        }
        write(marker, length);
        at += 2 + length;
        if (marker == START_OF_SCAN) {
            if (width == 0) {
                throw new ImageFileRefused("is damaged: its size does not come before its pixels.");
            }
            hasScan = true;
            scan();
        }
    }

    private void write(int marker, long length) throws ImageFileRefused {
        int content = (int) at + 4;
        if (marker == APP0 && input.startsWith(content, JFIF) && length >= JFIF_LENGTH) {
            writeJfif();
        } else if (marker == APP1 && input.startsWith(content, ExifOrientation.prefix())) {
            writeOrientation(ExifOrientation.of(input.copy(content, length - 2)));
        } else if (marker == APP1 && input.startsWith(content, SourceTypeMark.JPEG_PREFIX)) {
            var mark = SourceTypeMark.of(input.copy(content, length - 2));
            if (mark.isPresent() && !isMarked) {
                isMarked = true;
                writeSegment(SourceTypeMark.JPEG_PREFIX, SourceTypeMark.packet(mark.get()));
            }
        } else if (isKept(marker, content)) {
            input.copyTo(output, at, 2 + length);
        }
    }

    private boolean isKept(int marker, int content) {
        if (marker == APP2) {
            return input.startsWith(content, ICC);
        }
        if (marker == APP14) {
            return input.startsWith(content, ADOBE);
        }
        return marker != COMMENT && (marker < APP0 || marker > APP15);
    }

    /** Without the thumbnail, which may show more than the image. */
    private void writeJfif() throws ImageFileRefused {
        input.copyTo(output, at, 2);
        output.writeBigEndian(JFIF_LENGTH, 2);
        input.copyTo(output, at + 4, JFIF_LENGTH - 4L);
        output.writeBigEndian(0, 2);
    }

    private void writeOrientation(int found) {
        if (orientation != ExifOrientation.UPRIGHT || found == ExifOrientation.UPRIGHT) {
            return;
        }
        orientation = found;
        writeSegment(ExifOrientation.prefix(), ExifOrientation.only(orientation));
    }

    private void writeSegment(byte[] prefix, byte[] body) {
        output.writeBigEndian(0xFF00 | APP1, 2);
        output.writeBigEndian(2L + prefix.length + body.length, 2);
        output.write(prefix);
        output.write(body);
    }

    /** Copies compressed pixels up to the next marker that is neither a restart nor a stuffed FF. */
    private void scan() throws ImageFileRefused {
        long start = at;
        while (true) {
            if (input.octet(at) != 0xFF) {
                at++;
                continue;
            }
            int next = input.octet(at + 1);
            boolean isPixels = next == 0 || (next >= 0xD0 && next <= 0xD7);
            if (isPixels) {
                at += 2;
            } else if (next == 0xFF) {
                at++;
            } else {
                break;
            }
        }
        input.copyTo(output, start, at - start);
    }

    private static boolean isFrame(int marker) {
        return marker >= FIRST_FRAME && marker <= LAST_FRAME && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
