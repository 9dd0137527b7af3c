package io.atelier.image.png;

/** The lengths of the codes of a deflate block, written as symbols of which some repeat a length (RFC 1951 §3.2.7). */
final class CodeLengths {

    /** The longest code, in bits, for these symbols. */
    static final int LONGEST_CODE = 7;

    private static final int SYMBOLS = 19;
    private static final int REPEAT_PREVIOUS = 16;
    private static final int REPEAT_ZERO = 17;
    private static final int REPEAT_ZERO_LONG = 18;

    private final int[] symbols;
    private final int[] repeats;
    private final int[] frequencies = new int[SYMBOLS];
    private int count;

    private CodeLengths(int most) {
        this.symbols = new int[most];
        this.repeats = new int[most];
    }

    /** @param lengths 0 to 15 each */
    static CodeLengths pack(int[] lengths) {
        var packed = new CodeLengths(lengths.length);
        int at = 0;
        while (at < lengths.length) {
            int end = at + 1;
            while (end < lengths.length && lengths[end] == lengths[at]) {
                end++;
            }
            packed.addRun(lengths[at], end - at);
            at = end;
        }
        return packed;
    }

    /** The number of symbols. */
    int count() {
        return count;
    }

    int symbol(int i) {
        return symbols[i];
    }

    /** What the bits behind a symbol say: how many more than the fewest repetitions it stands for. */
    int repeat(int i) {
        return repeats[i];
    }

    /** How many bits follow a symbol. */
    static int repeatBits(int symbol) {
        return switch (symbol) {
            case REPEAT_PREVIOUS -> 2;
            case REPEAT_ZERO -> 3;
            case REPEAT_ZERO_LONG -> 7;
            default -> 0;
        };
    }

    int[] frequencies() {
        return frequencies.clone();
    }

    private void addRun(int length, int run) {
        int left = run;
        if (length == 0) {
            while (left >= 11) {
                int part = Math.min(left, 138);
                add(REPEAT_ZERO_LONG, part - 11);
                left -= part;
            }
            if (left >= 3) {
                add(REPEAT_ZERO, left - 3);
                left = 0;
            }
        } else {
            add(length, 0);
            left--;
            while (left >= 3) {
                int part = Math.min(left, 6);
                add(REPEAT_PREVIOUS, part - 3);
                left -= part;
            }
        }
        for (; left > 0; left--) {
            add(length, 0);
        }
    }

    private void add(int symbol, int repeat) {
        symbols[count] = symbol;
        repeats[count] = repeat;
        frequencies[symbol]++;
        count++;
    }
}
