package io.atelier.image.decode;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads the orientation of an image from its Exif data, a TIFF structure. */
final class ExifOrientation {

    static final int UPRIGHT = 1;

    private static final byte[] PREFIX = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
    private static final int TAG = 0x0112;
    private static final int SHORT = 3;
    private static final int ENTRY = 12;

    private ExifOrientation() {}

    /** The orientation in an APP1 segment or an EXIF chunk, 1 to 8; 1 if it has none or is damaged. */
    static int of(byte[] exif) {
        boolean hasPrefix = exif.length >= PREFIX.length && Arrays.equals(Arrays.copyOf(exif, PREFIX.length), PREFIX);
        int start = hasPrefix ? PREFIX.length : 0;
        try {
            return read(ByteBuffer.wrap(exif, start, exif.length - start).slice());
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            return UPRIGHT;
        }
    }

    private static int read(ByteBuffer tiff) {
        short order = tiff.getShort();
        if (order == 0x4949) {
            tiff.order(ByteOrder.LITTLE_ENDIAN);
        } else if (order != 0x4D4D) {
            return UPRIGHT;
        }
        if (tiff.getShort() != 42) {
            return UPRIGHT;
        }
        int directory = tiff.getInt();
        int entries = tiff.getShort(directory) & 0xFFFF;
        for (int i = 0; i < entries; i++) {
            int entry = directory + 2 + i * ENTRY;
            if ((tiff.getShort(entry) & 0xFFFF) == TAG && tiff.getShort(entry + 2) == SHORT) {
                int orientation = tiff.getShort(entry + 8);
                return orientation >= 1 && orientation <= 8 ? orientation : UPRIGHT;
            }
        }
        return UPRIGHT;
    }
}
