package io.atelier.image.png;

/** The bits of a deflate stream that comes in pieces, the first one lowest. {@link FastInflater} takes them out directly. Not thread-safe. */
final class DeflateBits {

    private static final int MOST_FILLED = Long.SIZE - 1 - Byte.SIZE;

    private final FastInflater inflater;
    private final PngRows.CompressedBytes data;

    /** The current piece, of which the bytes at {@code position..end - 1} are left. */
    byte[] piece = {};

    int position;
    int end;

    /** The next bits of the stream, and how many they are. */
    long bits;

    int count;

    DeflateBits(FastInflater inflater, PngRows.CompressedBytes data) {
        this.inflater = inflater;
        this.data = data;
    }

    void setPiece(byte[] bytes, int offset, int length) {
        piece = bytes;
        position = offset;
        end = offset + length;
    }

    /** Whether the piece has bytes, or another one that is taken then. */
    boolean hasBytes() {
        while (position == end) {
            if (!data.feed(inflater)) {
                return false;
            }
        }
        return true;
    }

    /** Fills the bits, byte by byte, so that the longest token fits, or whatever is left of the stream. */
    void fill() {
        while (count <= MOST_FILLED && hasBytes()) {
            bits |= (piece[position++] & 0xFFL) << count;
            count += Byte.SIZE;
        }
    }

    /** Takes up to 16 bits, and fills before that if necessary. */
    int take(int number) throws PngFormatException {
        if (count < number) {
            fill();
        }
        return takeFilled(number);
    }

    /** Takes up to 16 bits, which must be filled or the last ones. */
    int takeFilled(int number) throws PngFormatException {
        int value = (int) bits & ((1 << number) - 1);
        drop(number);
        return value;
    }

    void drop(int number) throws PngFormatException {
        if (number > count) {
            throw PngFormatException.endsEarly();
        }
        bits >>>= number;
        count -= number;
    }

    /** Takes the rest of the current byte. */
    void align() throws PngFormatException {
        take(count & 7);
    }

    /**
     * Takes a code; the bits must be filled or the last ones.
     *
     * @return its symbol
     */
    int takeSymbol(DecodingTable table) throws PngFormatException {
        int decoded = table.decode(bits);
        if (decoded < 0) {
            throw count <= MOST_FILLED ? PngFormatException.endsEarly() : PngFormatException.damagedData();
        }
        drop(decoded & DecodingTable.LENGTH_MASK);
        return decoded >>> DecodingTable.LENGTH_BITS;
    }
}
