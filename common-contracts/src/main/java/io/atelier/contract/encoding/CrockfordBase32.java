package io.atelier.contract.encoding;

import java.math.BigInteger;

/** Numbers in Crockford's base 32, in lower case: the digits 0-9 and a-z without i, l, o and u. */
public final class CrockfordBase32 {

    private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final int DIGIT_BITS = 5;

    private CrockfordBase32() {}

    /**
     * The digits of a number.
     *
     * @param number at least 0
     * @param length how many digits the text has; those of a larger number that do not fit are left out, the highest first
     */
    public static String encode(BigInteger number, int length) {
        var rest = number;
        var digits = new char[length];
        for (int i = digits.length - 1; i >= 0; i--) {
            digits[i] = ALPHABET.charAt(rest.intValue() & 31);
            rest = rest.shiftRight(DIGIT_BITS);
        }
        return new String(digits);
    }

    /** Whether a character is a digit. */
    public static boolean isDigit(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z' && c != 'i' && c != 'l' && c != 'o' && c != 'u');
    }

    /**
     * The number that digits stand for.
     *
     * @param digits only characters of {@link #encode}
     */
    public static BigInteger decode(String digits) {
        var number = BigInteger.ZERO;
        for (int i = 0; i < digits.length(); i++) {
            number = number.shiftLeft(DIGIT_BITS).or(BigInteger.valueOf(ALPHABET.indexOf(digits.charAt(i))));
        }
        return number;
    }
}
