package io.atelier.contract.image;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.atelier.contract.encoding.CrockfordBase32;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The id of an uploaded file: {@code file_} and the SHA-256 of its bytes as a number in 52 characters of Crockford's base 32. The same bytes have
 * the same id.
 */
public record FileId(@JsonValue String value) {

    /** The regular expression of an id. */
    public static final String REGEX = "file_[01][0-9a-hjkmnp-tv-z]{51}";

    private static final String PREFIX = "file_";
    private static final int DIGITS = 52;
    private static final Pattern PATTERN = Pattern.compile(REGEX);
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    /** @throws IllegalArgumentException if the value is not {@code file_} and 52 characters of Crockford's base 32 */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public FileId {
        if (!PATTERN.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "A file id is 'file_' and 52 characters of 0-9 a-z without i, l, o, u; got '" + value + "'");
        }
    }

    /**
     * The id of the file with this digest.
     *
     * @param sha256 64 lower-case hex digits
     * @throws IllegalArgumentException if it is something else
     */
    public static FileId ofSha256(String sha256) {
        if (!SHA256.matcher(sha256).matches()) {
            throw new IllegalArgumentException("Not a SHA-256 in 64 lower-case hex digits: '" + sha256 + "'");
        }
        return new FileId(PREFIX + CrockfordBase32.encode(new BigInteger(sha256, 16), DIGITS));
    }

    /** Parses the text of an id in upper or lower case; empty if the text is not an id. */
    public static Optional<FileId> parse(String text) {
        var lower = text.toLowerCase(Locale.ROOT);
        return PATTERN.matcher(lower).matches() ? Optional.of(new FileId(lower)) : Optional.empty();
    }

    /** The SHA-256 that the id encodes, 64 lower-case hex digits. */
    public String sha256() {
        var hex = CrockfordBase32.decode(value.substring(PREFIX.length())).toString(16);
        return "0".repeat(64 - hex.length()) + hex;
    }

    @Override
    public String toString() {
        return value;
    }
}
