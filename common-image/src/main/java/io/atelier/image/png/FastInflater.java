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

    private final DeflateBits input;
    private final Adler32 checksum = new Adler32();
    private final byte[] buffer = new byte[LIMIT + DeflateSymbols.LONGEST_MATCH];

    /** How much of the buffer is filled, and how much of that was read. */
    private int written;

    private int taken;
    private State state = State.STREAM;
    private boolean isLastBlock;
    private int storedLeft;
    private BlockCodes codes = BlockCodes.FIXED;

    /** @param data read from its beginning, as far as it is needed */
    FastInflater(PngRows.CompressedBytes data) {
        this.input = new DeflateBits(this, data);
    }

    /** What comes next in the stream. */
    private enum State {
        STREAM,
        BLOCK,
        STORED,
        CODES,
        END
    }

    /** Takes the next piece of the stream; called by {@link PngRows.CompressedBytes}. The bytes are read until the next call. */
    void setInput(byte[] bytes, int offset, int length) {
        input.setPiece(bytes, offset, length);
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
        int method = input.take(8);
        int flags = input.take(8);
        if ((method & 15) != 8 || method >>> 4 > 7 || (method << 8 | flags) % 31 != 0 || (flags & 32) != 0) {
            throw PngFormatException.damagedData();
        }
        state = State.BLOCK;
    }

    private void readBlockHeader() throws PngFormatException {
        isLastBlock = input.take(1) == 1;
        switch (input.take(2)) {
            case 0 -> {
                input.align();
                storedLeft = input.take(16);
                if ((storedLeft ^ 0xFFFF) != input.take(16)) {
                    throw PngFormatException.damagedData();
                }
                state = State.STORED;
                endStored();
            }
            case 1 -> {
                codes = BlockCodes.FIXED;
                state = State.CODES;
            }
            case 2 -> {
                codes = BlockCodes.read(input);
                state = State.CODES;
            }
            default -> throw PngFormatException.damagedData();
        }
    }

    private void copyStored() throws PngFormatException {
        // Whole bytes that were taken from the piece already come first.
        while (storedLeft > 0 && input.count > 0 && written < LIMIT) {
            buffer[written++] = (byte) input.take(8);
            storedLeft--;
        }
        while (storedLeft > 0 && written < LIMIT) {
            if (!input.hasBytes()) {
                throw PngFormatException.endsEarly();
            }
            int count = Math.min(Math.min(storedLeft, LIMIT - written), input.end - input.position);
            System.arraycopy(input.piece, input.position, buffer, written, count);
            input.position += count;
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
                input.fill();
                readToken();
            }
        }
    }

    /** Reads tokens as long as eight bytes of the piece are left, and the block and the buffer do not end. */
    private void readTokensInside() throws PngFormatException {
        var in = input.piece;
        var out = buffer;
        var table = codes.literals().entries();
        int mask = table.length - 1;
        int safe = input.end - Long.BYTES;
        int at = input.position;
        int to = written;
        long pending = input.bits;
        int count = input.count;
        while (at <= safe && to < LIMIT) {
            // Fills up to 56 bits and more. What lies above the count are the next bits already, and is read again.
            pending |= (long) LONGS.get(in, at) << count;
            at += (Long.SIZE - 1 - count) >>> 3;
            count |= 56;
            // Four literals of at most 12 bits each. A shift takes the lowest six bits of an entry, which are the
            // length of its code.
            int entry = table[(int) pending & mask];
            if (entry > 0) {
                out[to++] = (byte) (entry >>> BlockCodes.LITERAL_SHIFT);
                pending >>>= entry;
                count -= entry & DecodingTable.LENGTH_MASK;
                entry = table[(int) pending & mask];
                if (entry > 0) {
                    out[to++] = (byte) (entry >>> BlockCodes.LITERAL_SHIFT);
                    pending >>>= entry;
                    count -= entry & DecodingTable.LENGTH_MASK;
                    entry = table[(int) pending & mask];
                    if (entry > 0) {
                        out[to++] = (byte) (entry >>> BlockCodes.LITERAL_SHIFT);
                        pending >>>= entry;
                        count -= entry & DecodingTable.LENGTH_MASK;
                        entry = table[(int) pending & mask];
                        if (entry > 0) {
                            out[to++] = (byte) (entry >>> BlockCodes.LITERAL_SHIFT);
                            pending >>>= entry;
                            count -= entry & DecodingTable.LENGTH_MASK;
                        }
                    }
                }
                continue;
            }
            input.position = at;
            written = to;
            input.bits = pending;
            input.count = count;
            readToken();
            at = input.position;
            to = written;
            pending = input.bits;
            count = input.count;
            if (state != State.CODES) {
                break;
            }
        }
        input.position = at;
        written = to;
        input.count = count;
        // Only the bits that were counted, as the others are read again.
        input.bits = pending & ((1L << count) - 1);
    }

    /** Reads a literal, a match, or the end of the block. The bits must be filled or the last ones. */
    private void readToken() throws PngFormatException {
        int entry = codes.takeLiteral(input);
        if (entry > 0) {
            buffer[written++] = (byte) (entry >>> BlockCodes.LITERAL_SHIFT);
            return;
        }
        int length = BlockCodes.base(entry) + input.takeFilled(BlockCodes.further(entry));
        if (BlockCodes.base(entry) == 0) {
            if (BlockCodes.further(entry) != 0) {
                throw PngFormatException.damagedData();
            }
            state = isLastBlock ? State.END : State.BLOCK;
            return;
        }
        int distance = codes.takeDistance(input);
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

    private void compareChecksum() throws PngFormatException {
        input.align();
        long expected = 0;
        for (int i = 0; i < 4; i++) {
            expected = expected << 8 | input.take(8);
        }
        if (expected != checksum.getValue()) {
            throw PngFormatException.damagedData();
        }
    }
}
