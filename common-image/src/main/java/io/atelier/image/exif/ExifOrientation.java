package io.atelier.image.exif;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The orientation of an image in its Exif data, a TIFF structure, and the smallest structure that says it. */
public final class ExifOrientation {

    /** The orientation of an image whose first sample is its upper left pixel. */
    public static final int UPRIGHT = 1;

    private static final byte[] PREFIX = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);

    private static final int TAG = 0x0112;
    private static final int SHORT = 3;
    private static final int ENTRY = 12;

    private ExifOrientation() {}

    /** The orientation in an APP1 segment or an EXIF chunk, 1 to 8; 1 if there is none, or if the data are damaged. */
    public static int of(byte[] exif) {
        boolean hasPrefix = exif.length >= PREFIX.length && Arrays.equals(Arrays.copyOf(exif, PREFIX.length), PREFIX);
        int start = hasPrefix ? PREFIX.length : 0;
        try {
            return read(ByteBuffer.wrap(exif, start, exif.length - start).slice());
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            return UPRIGHT;
        }
    }

    /** What Exif data begin with in an APP1 segment of a JPEG file. */
    public static byte[] prefix() {
        return PREFIX.clone();
    }

    /** Exif data with this orientation and nothing else, without a prefix. */
    public static byte[] only(int orientation) {
        return ByteBuffer.allocate(8 + 2 + ENTRY + 4)
                .putShort((short) 0x4D4D)
                .putShort((short) 42)
                .putInt(8)
                .putShort((short) 1)
                .putShort((short) TAG)
                .putShort((short) SHORT)
                .putInt(1)
                .putShort((short) orientation)
                .putShort((short) 0)
                .putInt(0)
                .array();
    }

    /** Whether the orientation swaps width and height. */
    public static boolean isSideways(int orientation) {
        return orientation >= 5;
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
