package io.atelier.gateway.api.avatars.export;

import io.atelier.contract.job.JobId;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names the folders of an archive such that each can be made on any system, and none is that of another where upper and lower case are the same. For one
 * thread at a time.
 */
final class FolderNames {

    /** The file beside the folders. */
    static final String MANIFEST = "manifest.json";

    /** Windows has devices of these names, and removes dots at the end. */
    private static final Pattern IMPOSSIBLE = Pattern.compile("(con|prn|aux|nul|com\\d|lpt\\d)(\\..*)?|.*\\.");

    private final Set<String> used = new HashSet<>(Set.of(MANIFEST));

    /** The id of the persona; if it is null, impossible as a folder, or used already, the id of the job. */
    String of(@Nullable String persona, JobId job) {
        return persona != null && isPossible(persona.toLowerCase(Locale.ROOT)) ? persona : job.value();
    }

    private boolean isPossible(String name) {
        return !IMPOSSIBLE.matcher(name).matches() && used.add(name);
    }
}
