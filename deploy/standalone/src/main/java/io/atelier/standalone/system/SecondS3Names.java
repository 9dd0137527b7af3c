package io.atelier.standalone.system;

import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.folder.DataFolder;
import io.atelier.standalone.folder.RunningProcess;
import io.atelier.standalone.folder.RunningProcesses;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The second names of the settings of the object store: {@code S3_ENDPOINT}, {@code S3_ACCESS_KEY}, {@code S3_SECRET_KEY}, {@code S3_REGION}. They
 * are often set for other programs, so a process uses them only if neither it nor another process of its folder runs a store.
 */
final class SecondS3Names {

    static final String ENDPOINT = "S3_ENDPOINT";

    private static final String ACCESS_KEY = "S3_ACCESS_KEY";
    private static final String SECRET_KEY = "S3_SECRET_KEY";
    private static final String REGION = "S3_REGION";

    private SecondS3Names() {}

    /**
     * The settings in which the first names have the values of the second ones, where these count.
     *
     * @throws CommandFailed if a value that counts is wrong
     */
    static Map<String, String> applied(Set<SystemPart> parts, DataFolder data, Map<String, String> settings) {
        var applied = new LinkedHashMap<>(settings);
        boolean isOwn = parts.contains(SystemPart.STORE)
                || new RunningProcesses(data).address(RunningProcess::s3).isPresent();
        if (isOwn) {
            applied.remove(REGION);
            return applied;
        }
        var endpoint = settings.get(ENDPOINT);
        if (endpoint != null && !settings.containsKey(SystemPlan.S3)) {
            if (!endpoint.matches("https?://[^/\\s]+/?")) {
                throw new CommandFailed(
                        ExitCode.REFUSED,
                        "%s is '%s'; it must be a URL such as http://127.0.0.1:9000.".formatted(ENDPOINT, endpoint));
            }
            applied.put(SystemPlan.S3, endpoint);
        }
        if (!settings.containsKey(SystemPlan.ACCESS_KEY) && !settings.containsKey(SystemPlan.SECRET_KEY)) {
            var access = settings.get(ACCESS_KEY);
            var secret = settings.get(SECRET_KEY);
            if ((access == null) != (secret == null)) {
                throw new CommandFailed(
                        ExitCode.REFUSED, "Set both " + ACCESS_KEY + " and " + SECRET_KEY + ", or neither.");
            }
            if (access != null && secret != null) {
                applied.put(SystemPlan.ACCESS_KEY, access);
                applied.put(SystemPlan.SECRET_KEY, secret);
            }
        }
        return applied;
    }
}
