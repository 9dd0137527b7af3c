package io.atelier.contract.job;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * Names a job, and is the Kafka key of everything said of it: {@code gen_} and a UUID in 26 characters of Crockford's base 32.
 *
 * <p>Ids made here are UUIDs of version 7 (RFC 9562 §5.7), so that they sort by the time of their making.
 */
public record JobId(@JsonValue String value) implements Comparable<JobId> {

    /** How an id is written, as a regular expression. */
    public static final String FORM = "gen_[0-7][0-9a-hjkmnp-tv-z]{25}";

    private static final String PREFIX = "gen_";
    private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final Pattern PATTERN = Pattern.compile(FORM);

    /** @throws IllegalArgumentException if the value is not {@code gen_} and 26 characters of Crockford's base 32 */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public JobId {
        if (!PATTERN.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "A job id is 'gen_' and 26 characters of 0-9 a-z without i, l, o, u; got '" + value + "'");
        }
    }

    /** A new id of the given moment. The random source decides how hard it is to guess: use a secure one. */
    public static JobId create(Instant now, RandomGenerator random) {
        long high = (now.toEpochMilli() << 16) | 0x7000L | (random.nextLong() & 0xFFFL);
        long low = 0x8000_0000_0000_0000L | (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL);
        return of(new UUID(high, low));
    }

    public static JobId of(UUID uuid) {
        var rest = unsigned(uuid.getMostSignificantBits()).shiftLeft(64).or(unsigned(uuid.getLeastSignificantBits()));
        var digits = new char[26];
        for (int i = digits.length - 1; i >= 0; i--) {
            digits[i] = ALPHABET.charAt(rest.intValue() & 31);
            rest = rest.shiftRight(5);
        }
        return new JobId(PREFIX + new String(digits));
    }

    /** The id in what a person typed or a path holds: upper case is read as lower case; empty if it is no id. */
    public static Optional<JobId> parse(String text) {
        var lower = text.toLowerCase(Locale.ROOT);
        return PATTERN.matcher(lower).matches() ? Optional.of(new JobId(lower)) : Optional.empty();
    }

    public UUID uuid() {
        var bits = BigInteger.ZERO;
        for (int i = PREFIX.length(); i < value.length(); i++) {
            bits = bits.shiftLeft(5).or(BigInteger.valueOf(ALPHABET.indexOf(value.charAt(i))));
        }
        return new UUID(bits.shiftRight(64).longValue(), bits.longValue());
    }

    /** When the id was made, if it carries a time (version 7). */
    public Optional<Instant> createdAt() {
        var uuid = uuid();
        return uuid.version() == 7
                ? Optional.of(Instant.ofEpochMilli(uuid.getMostSignificantBits() >>> 16))
                : Optional.empty();
    }

    @Override
    public int compareTo(JobId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }

    private static BigInteger unsigned(long bits) {
        return new BigInteger(Long.toUnsignedString(bits));
    }
}
