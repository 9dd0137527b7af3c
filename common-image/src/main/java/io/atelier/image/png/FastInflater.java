package io.atelier.image.png;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.Adler32;

/**
 * Decompresses a zlib stream (RFC 1950 and RFC 1951) that comes in pieces. It takes several bytes at a time from the stream, since filtered rows of
 * photos are mostly literals; that is twice as fast as zlib, which looks for matches first. What it refuses and what it delivers is the same.
 * Holds 96 KiB. Not thread-safe.
 */
final class FastInflater {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** How far back a match may reach. */
    private static final int WINDOW = 1 << 15;

    /** How much is decompressed before it is taken. */
    private static final int LIMIT = WINDOW + (1 << 16);

    private static final int LONGEST_MATCH = 258;
    private static final int END_OF_BLOCK = 256;
    private static final int SYMBOLS = 286;
    private static final int DISTANCE_SYMBOLS = 30;

    /** Bits that the longest token takes: code and further bits of a length, and of a distance. */
    private static final int TOKEN_BITS = 15 + 5 + 15 + 13;

    private static final int[] CODE_LENGTH_ORDER = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    private static final int[] CODE_LENGTH_ENTRIES = new int[19];

    /** Entries of tables: a literal {@code << 8}; or negative, with the base of a length or distance and its number of further bits. */
    private static final int[] LITERAL_ENTRIES = new int[SYMBOLS + 2];

    private static final int[] DISTANCE_ENTRIES = new int[DISTANCE_SYMBOLS + 2];
    private static final int NO_LITERAL = 1 << 31;
    private static final int BASE_SHIFT = 11;
    private static final int BASE_MASK = 0xFFFF;
    private static final int FURTHER_SHIFT = 6;
    private static final int FURTHER_MASK = 15;
    private static final int LITERAL_SHIFT = 8;

    static {
        for (int symbol = 0; symbol < CODE_LENGTH_ENTRIES.length; symbol++) {
            CODE_LENGTH_ENTRIES[symbol] = NO_LITERAL;
        }
        for (int symbol = 0; symbol < END_OF_BLOCK; symbol++) {
            // A literal of 0 would be no entry at all, so each has a bit of its own.
            LITERAL_ENTRIES[symbol] = 1 << 16 | symbol << LITERAL_SHIFT;
        }
        // A base of 0 ends the block, or is not allowed.
        LITERAL_ENTRIES[END_OF_BLOCK] = NO_LITERAL;
        int base = 3;
        for (int symbol = END_OF_BLOCK + 1; symbol < SYMBOLS - 1; symbol++) {
            int further = Math.max(0, (symbol - 261) / 4);
            LITERAL_ENTRIES[symbol] = entry(base, further);
            base += 1 << further;
        }
        LITERAL_ENTRIES[SYMBOLS - 1] = entry(LONGEST_MATCH, 0);
        LITERAL_ENTRIES[SYMBOLS] = entry(0, 1);
        LITERAL_ENTRIES[SYMBOLS + 1] = entry(0, 1);
        base = 1;
        for (int symbol = 0; symbol < DISTANCE_SYMBOLS; symbol++) {
            int further = Math.max(0, symbol / 2 - 1);
            DISTANCE_ENTRIES[symbol] = entry(base, further);
            base += 1 << further;
        }
        DISTANCE_ENTRIES[DISTANCE_SYMBOLS] = entry(0, 0);
        DISTANCE_ENTRIES[DISTANCE_SYMBOLS + 1] = entry(0, 0);
    }

    private final PngRows.CompressedBytes data;
    private final Adler32 checksum = new Adler32();
    private final byte[] buffer = new byte[LIMIT + LONGEST_MATCH];

    /** How much of the buffer is filled, and how much of that was read. */
    private int written;

    private int taken;

    private byte[] piece = {};
    private int position;
    private int end;
    private long bits;
    private int bitCount;

    private State state = State.STREAM;
    private boolean isLastBlock;
    private int storedLeft;
    private DecodingTable literals = FixedCodes.LITERALS;
    private DecodingTable distances = FixedCodes.DISTANCES;

    /** @param data read from its beginning, as far as it is needed */
    FastInflater(PngRows.CompressedBytes data) {
        this.data = data;
    }

    private enum State {
        STREAM,
        BLOCK,
        STORED,
        CODES,
        END
    }

    /** The codes of RFC 1951 §3.2.6. */
    private static final class FixedCodes {

        private static final DecodingTable LITERALS;
        private static final DecodingTable DISTANCES;

        static {
            var lengths = new int[SYMBOLS + 2];
            for (int symbol = 0; symbol < lengths.length; symbol++) {
                lengths[symbol] = symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8;
            }
            var fives = new int[DISTANCE_SYMBOLS + 2];
            Arrays.fill(fives, 5);
            try {
                LITERALS = new DecodingTable(lengths, LITERAL_ENTRIES, false);
                DISTANCES = new DecodingTable(fives, DISTANCE_ENTRIES, false);
            } catch (PngFormatException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static int entry(int base, int further) {
        return NO_LITERAL | base << BASE_SHIFT | further << FURTHER_SHIFT;
    }

    /** Takes the next piece of the stream; called by {@link PngRows.CompressedBytes}. The bytes are read until the next call. */
    void setInput(byte[] bytes, int offset, int length) {
        piece = bytes;
        position = offset;
        end = offset + length;
    }

    /**
     * Reads decompressed bytes. The checksum is compared when the end is read.
     *
     * @return how many bytes were read; fewer than {@code length} only at the end of the stream
     * @throws PngFormatException if the stream is damaged or ends early
     */
    int read(byte[] target, int offset, int length) throws PngFormatException {
        int filled = 0;
        while (filled < length) {
            int count = Math.min(length - filled, written - taken);
            System.arraycopy(buffer, taken, target, offset + filled, count);
            taken += count;
            filled += count;
            if (filled < length) {
                if (state == State.END) {
                    break;
                }
                decompress();
            }
        }
        return filled;
    }

    /** Decompresses until the buffer is full or a part of the stream ends. Everything before must have been taken. */
    private void decompress() throws PngFormatException {
        if (written >= LIMIT) {
            System.arraycopy(buffer, written - WINDOW, buffer, 0, WINDOW);
            written = WINDOW;
            taken = WINDOW;
        }
        int from = written;
        switch (state) {
            case STREAM -> readStreamHeader();
            case BLOCK -> readBlockHeader();
            case STORED -> copyStored();
            default -> readTokens();
        }
        checksum.update(buffer, from, written - from);
        if (state == State.END) {
            compareChecksum();
        }
    }

    private void readStreamHeader() throws PngFormatException {
        int method = take(8);
        int flags = take(8);
        if ((method & 15) != 8 || method >>> 4 > 7 || (method << 8 | flags) % 31 != 0 || (flags & 32) != 0) {
            throw PngFormatException.damagedData();
        }
        state = State.BLOCK;
    }

    private void readBlockHeader() throws PngFormatException {
        isLastBlock = take(1) == 1;
        switch (take(2)) {
            case 0 -> {
                take(bitCount & 7);
                storedLeft = take(16);
                if ((storedLeft ^ 0xFFFF) != take(16)) {
                    throw PngFormatException.damagedData();
                }
                state = State.STORED;
                endStored();
            }
            case 1 -> {
                literals = FixedCodes.LITERALS;
                distances = FixedCodes.DISTANCES;
                state = State.CODES;
            }
            case 2 -> {
                readCodes();
                state = State.CODES;
            }
            default -> throw PngFormatException.damagedData();
        }
    }

    /** The codes of a block (RFC 1951 §3.2.7). */
    private void readCodes() throws PngFormatException {
        int literalCount = take(5) + 257;
        int distanceCount = take(5) + 1;
        int lengthCount = take(4) + 4;
        if (literalCount > SYMBOLS || distanceCount > DISTANCE_SYMBOLS) {
            throw PngFormatException.damagedData();
        }
        var ofLengths = new int[CODE_LENGTH_ORDER.length];
        for (int i = 0; i < lengthCount; i++) {
            ofLengths[CODE_LENGTH_ORDER[i]] = take(3);
        }
        var lengthCode = new DecodingTable(ofLengths, CODE_LENGTH_ENTRIES, false);
        var lengths = new int[literalCount + distanceCount];
        int count = 0;
        while (count < lengths.length) {
            int symbol = takeSymbol(lengthCode);
            if (symbol < 16) {
                lengths[count++] = symbol;
                continue;
            }
            if (symbol == 16 && count == 0) {
                throw PngFormatException.damagedData();
            }
            int repeated = symbol == 16 ? lengths[count - 1] : 0;
            int times = symbol == 16 ? 3 + take(2) : symbol == 17 ? 3 + take(3) : 11 + take(7);
            if (times > lengths.length - count) {
                throw PngFormatException.damagedData();
            }
            Arrays.fill(lengths, count, count + times, repeated);
            count += times;
        }
        if (lengths[END_OF_BLOCK] == 0) {
            throw PngFormatException.damagedData();
        }
        literals = new DecodingTable(Arrays.copyOf(lengths, literalCount), LITERAL_ENTRIES, true);
        distances =
                new DecodingTable(Arrays.copyOfRange(lengths, literalCount, lengths.length), DISTANCE_ENTRIES, true);
    }

    private void copyStored() throws PngFormatException {
        // Whole bytes that were taken from the piece already come first.
        while (storedLeft > 0 && bitCount > 0 && written < LIMIT) {
            buffer[written++] = (byte) take(8);
            storedLeft--;
        }
        while (storedLeft > 0 && written < LIMIT) {
            if (!hasInput()) {
                throw PngFormatException.endsEarly();
            }
            int count = Math.min(Math.min(storedLeft, LIMIT - written), end - position);
            System.arraycopy(piece, position, buffer, written, count);
            position += count;
            written += count;
            storedLeft -= count;
        }
        endStored();
    }

    private void endStored() {
        if (storedLeft == 0) {
            state = isLastBlock ? State.END : State.BLOCK;
        }
    }

    private void readTokens() throws PngFormatException {
        while (state == State.CODES && written < LIMIT) {
            readTokensInside();
            if (state == State.CODES && written < LIMIT) {
                // Near the end of a piece: its next bytes are in another one, if there are any.
                fill();
                readToken();
            }
        }
    }

    /** Reads tokens as long as eight bytes of the piece are left, and the block and the buffer do not end. */
    private void readTokensInside() throws PngFormatException {
        var in = piece;
        var out = buffer;
        var table = literals.entries();
        int mask = table.length - 1;
        int safe = end - Long.BYTES;
        int at = position;
        int to = written;
        long pending = bits;
        int count = bitCount;
        while (at <= safe && to < LIMIT) {
            // Fills up to 56 bits and more. What lies above the count are the next bits already, and is read again.
            pending |= (long) LONGS.get(in, at) << count;
            at += (Long.SIZE - 1 - count) >>> 3;
            count |= 56;
            // Four literals of at most 12 bits each. A shift takes the lowest six bits of an entry, which are the
            // length of its code.
            int entry = table[(int) pending & mask];
            if (entry > 0) {
                out[to++] = (byte) (entry >>> LITERAL_SHIFT);
                pending >>>= entry;
                count -= entry & DecodingTable.LENGTH_MASK;
                entry = table[(int) pending & mask];
                if (entry > 0) {
                    out[to++] = (byte) (entry >>> LITERAL_SHIFT);
                    pending >>>= entry;
                    count -= entry & DecodingTable.LENGTH_MASK;
                    entry = table[(int) pending & mask];
                    if (entry > 0) {
                        out[to++] = (byte) (entry >>> LITERAL_SHIFT);
                        pending >>>= entry;
                        count -= entry & DecodingTable.LENGTH_MASK;
                        entry = table[(int) pending & mask];
                        if (entry > 0) {
                            out[to++] = (byte) (entry >>> LITERAL_SHIFT);
                            pending >>>= entry;
                            count -= entry & DecodingTable.LENGTH_MASK;
                        }
                    }
                }
                continue;
            }
            position = at;
            written = to;
            bits = pending;
            bitCount = count;
            readToken();
            at = position;
            to = written;
            pending = bits;
            count = bitCount;
            if (state != State.CODES) {
                break;
            }
        }
        position = at;
        written = to;
        bitCount = count;
        // Only the bits that were counted, as the others are read again.
        bits = pending & ((1L << count) - 1);
    }

    /** Reads a literal, a match, or the end of the block. The bits must be filled. */
    private void readToken() throws PngFormatException {
        int entry = entry(literals, LITERAL_ENTRIES);
        if (entry > 0) {
            buffer[written++] = (byte) (entry >>> LITERAL_SHIFT);
            return;
        }
        int length = (entry >>> BASE_SHIFT & BASE_MASK) + further(entry);
        if ((entry >>> BASE_SHIFT & BASE_MASK) == 0) {
            if ((entry >>> FURTHER_SHIFT & FURTHER_MASK) != 0) {
                throw PngFormatException.damagedData();
            }
            state = isLastBlock ? State.END : State.BLOCK;
            return;
        }
        entry = entry(distances, DISTANCE_ENTRIES);
        int distance = (entry >>> BASE_SHIFT & BASE_MASK) + further(entry);
        if (distance == 0 || distance > written) {
            throw PngFormatException.damagedData();
        }
        if (distance == 1) {
            Arrays.fill(buffer, written, written + length, buffer[written - 1]);
        } else if (distance >= length) {
            System.arraycopy(buffer, written - distance, buffer, written, length);
        } else {
            for (int i = 0; i < length; i++) {
                buffer[written + i] = buffer[written + i - distance];
            }
        }
        written += length;
    }

    /** Takes a code, and returns the entry of its symbol. The bits must be filled. */
    private int entry(DecodingTable table, int[] entryOf) throws PngFormatException {
        int entry = table.entries()[(int) bits & (table.entries().length - 1)];
        if (entry == DecodingTable.NOT_HERE) {
            int decoded = table.decode(bits);
            if (decoded < 0) {
                throw bitCount < TOKEN_BITS ? PngFormatException.endsEarly() : PngFormatException.damagedData();
            }
            entry = entryOf[decoded >>> DecodingTable.LENGTH_BITS] | (decoded & DecodingTable.LENGTH_MASK);
        }
        drop(entry & DecodingTable.LENGTH_MASK);
        return entry;
    }

    /** The further bits of a length or a distance. */
    private int further(int entry) throws PngFormatException {
        int count = entry >>> FURTHER_SHIFT & FURTHER_MASK;
        int value = (int) bits & ((1 << count) - 1);
        drop(count);
        return value;
    }

    private int takeSymbol(DecodingTable table) throws PngFormatException {
        fill();
        int decoded = table.decode(bits);
        if (decoded < 0) {
            throw bitCount < TOKEN_BITS ? PngFormatException.endsEarly() : PngFormatException.damagedData();
        }
        drop(decoded & DecodingTable.LENGTH_MASK);
        return decoded >>> DecodingTable.LENGTH_BITS;
    }

    /** Takes up to 16 bits. */
    private int take(int count) throws PngFormatException {
        if (bitCount < count) {
            fill();
        }
        int value = (int) bits & ((1 << count) - 1);
        drop(count);
        return value;
    }

    private void drop(int count) throws PngFormatException {
        if (count > bitCount) {
            throw PngFormatException.endsEarly();
        }
        bits >>>= count;
        bitCount -= count;
    }

    /** Fills the bits, byte by byte, so that a token or whatever is left fits. */
    private void fill() {
        while (bitCount <= Long.SIZE - 1 - Byte.SIZE) {
            if (!hasInput()) {
                return;
            }
            bits |= (piece[position++] & 0xFFL) << bitCount;
            bitCount += Byte.SIZE;
        }
    }

    private boolean hasInput() {
        while (position == end) {
            if (!data.feed(this)) {
                return false;
            }
        }
        return true;
    }

    private void compareChecksum() throws PngFormatException {
        take(bitCount & 7);
        long expected = 0;
        for (int i = 0; i < 4; i++) {
            expected = expected << 8 | take(8);
        }
        if (expected != checksum.getValue()) {
            throw PngFormatException.damagedData();
        }
    }
}
