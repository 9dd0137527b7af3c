package io.atelier.contract.digest;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;

/** A SHA-256 digest, as hexadecimal digits, as a UUID or as a number. The same input gives the same digest in every process. Immutable. */
public final class Sha256 {

    private static final long VARIANT = 0x8000_0000_0000_0000L;

    // Copied for each digest: a search among the providers takes longer than the digest of a short text.
    private static final MessageDigest EMPTY = empty();

    private final byte[] digest;

    private Sha256(byte[] digest) {
        this.digest = digest;
    }

    /** The digest of a text in UTF-8. */
    public static Sha256 of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    public static Sha256 of(byte[] bytes) {
        try {
            return new Sha256(((MessageDigest) EMPTY.clone()).digest(bytes));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("The SHA-256 of every Java platform can be copied", e);
        }
    }

    private static MessageDigest empty() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** The first 64 bits as a signed number, for example to seed a generator of random numbers. */
    public long firstLong() {
        return ByteBuffer.wrap(digest).getLong();
    }

    /** 64 lower-case hexadecimal digits. */
    public String hex() {
        return HexFormat.of().formatHex(digest);
    }

    /** A UUID of version 8 (RFC 9562 §5.8), which contains no time. */
    public UUID uuid() {
        return new UUID((firstLong() & ~0xF000L) | 0x8000L, low());
    }

    /** A UUID of version 7 (RFC 9562 §5.7) with the given time, whose random bits are taken from the digest. */
    public UUID uuidAt(Instant time) {
        return new UUID((time.toEpochMilli() << 16) | 0x7000L | (firstLong() & 0xFFFL), low());
    }

    private long low() {
        return (ByteBuffer.wrap(digest).getLong(Long.BYTES) & 0x3FFF_FFFF_FFFF_FFFFL) | VARIANT;
    }
}
