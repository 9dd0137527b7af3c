package io.atelier.image.png;

/** Decompresses the rows of a PNG and undoes their filters, in the order of the file and with the memory of two rows. */
final class PngRows {

    private static final Pass WHOLE = new Pass(0, 0, 1, 1);

    /** The passes of Adam7 (ISO/IEC 15948 §8.2). */
    private static final Pass[] ADAM7 = {
        new Pass(0, 0, 8, 8),
        new Pass(4, 0, 8, 8),
        new Pass(0, 4, 4, 8),
        new Pass(2, 0, 4, 4),
        new Pass(0, 2, 2, 4),
        new Pass(1, 0, 2, 2),
        new Pass(0, 1, 1, 2)
    };

    private final PngHeader header;
    private final FastInflater inflater;

    private PngRows(PngHeader header, CompressedBytes data) {
        this.header = header;
        this.inflater = new FastInflater(data);
    }

    /** The pixels of one pass: every {@code dx}-th of every {@code dy}-th row, from a first one on. */
    record Pass(int x, int y, int dx, int dy) {

        int width(PngHeader header) {
            return (header.width() - x + dx - 1) / dx;
        }

        int height(PngHeader header) {
            return (header.height() - y + dy - 1) / dy;
        }
    }

    /** Delivers the zlib stream of an image, in pieces. */
    @FunctionalInterface
    interface CompressedBytes {

        /** Gives the next piece to the inflater, which has read all before it. False if there is none. */
        boolean feed(FastInflater inflater);

        /** A stream that is in one piece. */
        static CompressedBytes of(byte[] stream) {
            var isFed = new boolean[1];
            return inflater -> {
                if (isFed[0]) {
                    return false;
                }
                isFed[0] = true;
                inflater.setInput(stream, 0, stream.length);
                return true;
            };
        }
    }

    /** Receives the rows. */
    @FunctionalInterface
    interface Visitor {

        /**
         * Receives one row.
         *
         * @param y the number of the row within its pass
         * @param row the samples of the pass's pixels in that row; valid only during the call, and may be longer than the row
         */
        void row(Pass pass, int y, byte[] row) throws PngFormatException;
    }

    /**
     * Visits all rows.
     *
     * @param data read once
     * @throws PngFormatException if the stream is damaged or has too few bytes, or if the visitor throws it
     */
    static void visit(PngHeader header, CompressedBytes data, Visitor visitor) throws PngFormatException {
        var rows = new PngRows(header, data);
        for (var pass : header.interlaced() ? ADAM7 : new Pass[] {WHOLE}) {
            if (pass.width(header) > 0 && pass.height(header) > 0) {
                rows.visit(pass, visitor);
            }
        }
        // Verifies the checksum at the end of the stream.
        rows.inflater.read(new byte[1], 0, 1);
    }

    private void visit(Pass pass, Visitor visitor) throws PngFormatException {
        int length = header.rowBytes(pass.width(header));
        var filter = new byte[1];
        var row = new byte[length];
        var above = new byte[length];
        for (int y = 0; y < pass.height(header); y++) {
            inflate(filter, 1);
            if (filter[0] < 0 || filter[0] > 4) {
                throw new PngFormatException("a row has the unknown filter " + (filter[0] & 0xFF));
            }
            inflate(row, length);
            RowFilter.undo(filter[0], row, above, length, header.filterDistance());
            visitor.row(pass, y, row);
            var reusable = above;
            above = row;
            row = reusable;
        }
    }

    private void inflate(byte[] target, int length) throws PngFormatException {
        if (inflater.read(target, 0, length) < length) {
            throw PngFormatException.endsEarly();
        }
    }

    /** Copies {@code count} pixels from one packed row to another, each {@code step} pixels apart in the target. */
    static void copy(byte[] from, int first, byte[] to, int offset, int x, int step, int count, int bits) {
        if (bits >= 8) {
            int bytes = bits / 8;
            if (step == 1) {
                System.arraycopy(from, first * bytes, to, offset + x * bytes, count * bytes);
                return;
            }
            for (int i = 0; i < count; i++) {
                System.arraycopy(from, (first + i) * bytes, to, offset + (x + i * step) * bytes, bytes);
            }
            return;
        }
        for (int i = 0; i < count; i++) {
            int sample = bits(from, 0, first + i, bits);
            int bit = (x + i * step) * bits;
            to[offset + bit / 8] |= (byte) (sample << (8 - bits - bit % 8));
        }
    }

    /** The sample of less than 8 bits at pixel {@code x} of the row that begins at an offset. */
    static int bits(byte[] row, int offset, int x, int bits) {
        int bit = x * bits;
        return row[offset + bit / 8] >> (8 - bits - bit % 8) & ((1 << bits) - 1);
    }

    /** The largest index in a row of a palette image. */
    static int largestIndex(byte[] row, int pixels, int bits) {
        int largest = 0;
        for (int x = 0; x < pixels; x++) {
            largest = Math.max(largest, bits == 8 ? row[x] & 0xFF : bits(row, 0, x, bits));
        }
        return largest;
    }
}
