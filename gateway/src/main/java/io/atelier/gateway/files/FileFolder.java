package io.atelier.gateway.files;

import io.atelier.contract.image.FileId;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectPage.Listed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What is in the folder of one uploaded file. Objects are never overwritten, so what changes is in the names of small markers:
 *
 * <ul>
 *   <li>{@code content.png} (or jpeg, webp, gif): the bytes, with their size in pixels and the time of the upload in the metadata;
 *   <li>{@code until-SECONDS-TTL.json}: the file lives until that time, in seconds since 1970, and for TTL seconds after each use; the latest counts;
 *   <li>{@code deleted-SECONDS.json}, {@code expired-SECONDS.json}: the file is gone since then. Either counts more than all others.
 * </ul>
 *
 * @param id the file
 * @param contents the objects with bytes: none or one
 * @param leases the times until which the file lives, earliest first
 * @param tombstones when and how the file went
 */
record FileFolder(FileId id, List<Listed> contents, List<LeaseMarker> leases, List<Tombstone> tombstones) {

    /** The folder that contains all files. */
    static final String ROOT = "files/";

    private static final Pattern CONTENT = Pattern.compile("content\\.[a-z]{3,4}");
    private static final Pattern UNTIL = Pattern.compile("until-([0-9]{1,12})-([0-9]{1,10})\\.json");
    private static final Pattern TOMBSTONE = Pattern.compile("(deleted|expired)-([0-9]{1,12})\\.json");
    private static final String DELETED = "deleted";
    private static final String EXPIRED = "expired";

    /** A time until which a file lives. */
    record LeaseMarker(ObjectKey key, Instant until, Duration ttl) {}

    /** The end of a file. */
    record Tombstone(ObjectKey key, Instant at, boolean isExpired) {}

    /** The path of the folder; ends with a slash. */
    static String of(FileId id) {
        var value = id.value();
        return ROOT + value.substring(value.length() - 2) + "/" + value + "/";
    }

    /** The file in whose folder an object is; empty if it is elsewhere. */
    static Optional<FileId> owner(ObjectKey key) {
        return Stream.of(key.value().split("/", -1))
                .flatMap(name -> FileId.parse(name).stream())
                .filter(id -> key.value().startsWith(of(id)))
                .findFirst();
    }

    /** The folder with these objects. Others than those above are not counted. */
    static FileFolder of(FileId id, List<Listed> objects) {
        var contents = new ArrayList<Listed>();
        var leases = new ArrayList<LeaseMarker>();
        var tombstones = new ArrayList<Tombstone>();
        for (var object : objects) {
            var name = object.key().value().substring(of(id).length());
            var until = UNTIL.matcher(name);
            var tombstone = TOMBSTONE.matcher(name);
            if (CONTENT.matcher(name).matches()) {
                contents.add(object);
            } else if (until.matches()) {
                leases.add(new LeaseMarker(
                        object.key(), seconds(until.group(1)), Duration.ofSeconds(Long.parseLong(until.group(2)))));
            } else if (tombstone.matches()) {
                boolean isExpired = tombstone.group(1).equals(EXPIRED);
                tombstones.add(new Tombstone(object.key(), seconds(tombstone.group(2)), isExpired));
            }
        }
        leases.sort(Comparator.comparing(LeaseMarker::until));
        return new FileFolder(id, contents, leases, tombstones);
    }

    static ObjectKey content(FileId id, String mediaType) {
        return new ObjectKey(of(id) + "content." + mediaType.substring(mediaType.indexOf('/') + 1));
    }

    static ObjectKey lease(FileId id, Instant until, Duration ttl) {
        return new ObjectKey("%suntil-%d-%d.json".formatted(of(id), until.getEpochSecond(), ttl.toSeconds()));
    }

    static ObjectKey tombstone(FileId id, Instant at, boolean isExpired) {
        return new ObjectKey("%s%s-%d.json".formatted(of(id), isExpired ? EXPIRED : DELETED, at.getEpochSecond()));
    }

    /** The lease that counts; empty if there is none. */
    Optional<LeaseMarker> lease() {
        return leases.isEmpty() ? Optional.empty() : Optional.of(leases.get(leases.size() - 1));
    }

    /** Whether the file can be read. */
    boolean isAlive(Instant now) {
        return tombstones.isEmpty() && !contents.isEmpty() && !isOver(now);
    }

    /** Whether the last lease has ended; also if there is none. */
    boolean isOver(Instant now) {
        return lease().map(last -> !last.until().isAfter(now)).orElse(true);
    }

    /** Whether the file existed and is gone. */
    boolean isGone(Instant now) {
        return !tombstones.isEmpty() || (!contents.isEmpty() && isOver(now));
    }

    /** Whether the file went because its time had passed, and not by request. */
    boolean isExpired() {
        return tombstones.stream().allMatch(Tombstone::isExpired);
    }

    private static Instant seconds(String digits) {
        return Instant.ofEpochSecond(Long.parseLong(digits));
    }
}
