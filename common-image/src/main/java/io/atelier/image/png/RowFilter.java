package io.atelier.image.png;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The filters of ISO/IEC 15948 §9. For each row it takes the filter whose result has the smallest sum of absolute byte values (the heuristic
 * of §12.7), estimated from a few stretches of the row. Not thread-safe.
 */
final class RowFilter {

    private static final int SUB = 1;
    private static final int UP = 2;
    private static final int AVERAGE = 3;
    private static final int PAETH = 4;

    /** Estimates from six stretches choose nearly as well as whole rows do, in a tenth of the time. */
    private static final int STRETCHES = 6;

    private static final int STRETCH_BYTES = 96;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LOWEST_BITS = 0x0101010101010101L;
    private static final long HIGHEST_BITS = 0x8080808080808080L;

    private final int distance;
    private final int length;
    private final byte[] filtered;

    /**
     * @param distance the bytes of a pixel, at least 1
     * @param length the bytes of a row
     */
    RowFilter(int distance, int length) {
        this.distance = distance;
        this.length = length;
        this.filtered = new byte[length + 1];
    }

    /**
     * Filters a row.
     *
     * @param row the samples
     * @param above the samples of the row above; zeros for the first row
     * @return the number of the filter and the filtered bytes; the next call reuses the array
     */
    byte[] apply(byte[] row, byte[] above) {
        int filter = choose(row, above);
        filtered[0] = (byte) filter;
        apply(filter, row, above, 0, Math.min(distance, length), filtered, 1);
        apply(filter, row, above, Math.min(distance, length), length, filtered, 1);
        return filtered;
    }

    private int choose(byte[] row, byte[] above) {
        long best = Long.MAX_VALUE;
        int filter = UP;
        var stretch = new byte[STRETCH_BYTES];
        int count = length <= STRETCHES * STRETCH_BYTES + distance ? 1 : STRETCHES;
        for (int candidate : new int[] {UP, SUB, AVERAGE, PAETH}) {
            long sum = 0;
            for (int i = 0; i < count; i++) {
                int from = distance + (int) ((long) (length - distance - STRETCH_BYTES) * (2L * i + 1) / (2L * count));
                sum += count == 1 ? sum(candidate, row, above) : sum(candidate, row, above, from, stretch);
            }
            if (sum < best) {
                best = sum;
                filter = candidate;
            }
            if (best == 0) {
                // No other filter can be better; in drawings, most rows are like the row above.
                break;
            }
        }
        return filter;
    }

    /** The sum over a whole row; {@link #filtered} is used for it. */
    private long sum(int filter, byte[] row, byte[] above) {
        int from = Math.min(distance, length);
        apply(filter, row, above, from, length, filtered, 1);
        long sum = 0;
        for (int i = from; i < length; i++) {
            sum += Math.abs(filtered[i + 1]);
        }
        return sum;
    }

    private long sum(int filter, byte[] row, byte[] above, int from, byte[] stretch) {
        apply(filter, row, above, from, from + STRETCH_BYTES, stretch, -from);
        long sum = 0;
        for (byte difference : stretch) {
            sum += Math.abs(difference);
        }
        return sum;
    }

    /** Filters the bytes at {@code from..end - 1}, all of the first pixel or all behind it, to the same places of the target, plus a shift. */
    private void apply(int filter, byte[] row, byte[] above, int from, int end, byte[] target, int shift) {
        boolean isFirst = from < distance;
        int at = isFirst || filter == PAETH ? from : applyToEight(filter, row, above, from, end, target, shift);
        for (int i = at; i < end; i++) {
            int left = isFirst ? 0 : row[i - distance] & 0xFF;
            int over = above[i] & 0xFF;
            int predicted = switch (filter) {
                case SUB -> left;
                case UP -> over;
                case AVERAGE -> (left + over) >> 1;
                default -> predict(left, over, isFirst ? 0 : above[i - distance] & 0xFF);
            };
            target[i + shift] = (byte) (row[i] - predicted);
        }
    }

    /** Filters eight bytes at a time, as the bytes of a long, and returns where fewer than eight are left. */
    private int applyToEight(int filter, byte[] row, byte[] above, int from, int end, byte[] target, int shift) {
        int at = from;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            long left = (long) LONGS.get(row, at - distance);
            long over = (long) LONGS.get(above, at);
            long predicted = switch (filter) {
                case SUB -> left;
                case UP -> over;
                default -> (left & over) + (((left ^ over) & ~LOWEST_BITS) >>> 1);
            };
            long samples = (long) LONGS.get(row, at);
            // Bytes are subtracted without a borrow from the next one; their highest bits are a sum without a carry.
            long difference =
                    ((samples | HIGHEST_BITS) - (predicted & ~HIGHEST_BITS)) ^ ((samples ^ ~predicted) & HIGHEST_BITS);
            LONGS.set(target, at + shift, difference);
        }
        return at;
    }

    /**
     * Undoes the filter of a row in place.
     *
     * @param filter 0 to 4
     * @param row the filtered bytes at {@code 0..length - 1}; the samples at the end
     * @param above the samples of the row above; zeros for the first row
     * @param distance the bytes of a pixel, at least 1
     */
    static void undo(int filter, byte[] row, byte[] above, int length, int distance) {
        int first = Math.min(distance, length);
        switch (filter) {
            case SUB -> {
                for (int i = first; i < length; i++) {
                    row[i] += row[i - distance];
                }
            }
            case UP -> {
                for (int i = 0; i < length; i++) {
                    row[i] += above[i];
                }
            }
            case AVERAGE -> {
                for (int i = 0; i < first; i++) {
                    row[i] += (byte) ((above[i] & 0xFF) >> 1);
                }
                for (int i = first; i < length; i++) {
                    row[i] += (byte) (((row[i - distance] & 0xFF) + (above[i] & 0xFF)) >> 1);
                }
            }
            case PAETH -> {
                for (int i = 0; i < first; i++) {
                    row[i] += above[i];
                }
                for (int i = first; i < length; i++) {
                    row[i] += (byte) predict(row[i - distance] & 0xFF, above[i] & 0xFF, above[i - distance] & 0xFF);
                }
            }
            default -> {}
        }
    }

    /** The Paeth predictor of ISO/IEC 15948 §9.4. */
    private static int predict(int left, int over, int corner) {
        int toLeft = Math.abs(over - corner);
        int toOver = Math.abs(left - corner);
        int toCorner = Math.abs(left + over - 2 * corner);
        int nearer = toLeft <= toOver ? left : over;
        return Math.min(toLeft, toOver) <= toCorner ? nearer : corner;
    }
}
