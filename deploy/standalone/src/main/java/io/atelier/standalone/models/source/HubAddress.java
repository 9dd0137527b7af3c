package io.atelier.standalone.models.source;

import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A repository of the Hugging Face Hub, or of a mirror of it.
 *
 * @param endpoint the address of the hub, without a slash at the end
 * @param repository {@code ORG/NAME}
 * @param revision a branch, tag or commit
 */
record HubAddress(String endpoint, String repository, String revision) {

    /** The name that the hub's own client uses. */
    private static final String ENDPOINT = "HF_ENDPOINT";

    private static final String STANDARD_ENDPOINT = "https://huggingface.co";
    private static final Set<String> HUB_HOSTS = Set.of("huggingface.co", "www.huggingface.co", "hf.co");
    private static final String PREFIX = "hf:";
    private static final String STANDARD_REVISION = "main";

    private static final String REPOSITORY = "[A-Za-z0-9_][A-Za-z0-9._-]*/[A-Za-z0-9_][A-Za-z0-9._-]*";
    private static final Pattern SHORT = Pattern.compile("hf:(?://)?(" + REPOSITORY + ")(?:@([^@\\s]{1,255}))?");
    private static final Pattern PAGE = Pattern.compile("/(" + REPOSITORY + ")(?:/tree/([^/\\s]+))?/?");

    /**
     * Reads {@code hf:ORG/NAME[@REVISION]}, or the address of a page of the hub.
     *
     * @param settings the environment variables
     * @return empty if the text names no repository of the hub
     * @throws CommandFailed if it tries to
     */
    static Optional<HubAddress> parse(String text, Map<String, String> settings) {
        var endpoint = endpoint(settings);
        if (text.startsWith(PREFIX)) {
            var parts = SHORT.matcher(text);
            if (!parts.matches()) {
                throw refused(
                        "'%s' is not a model of the hub: use hf:ORG/NAME or hf:ORG/NAME@REVISION.".formatted(text));
            }
            return Optional.of(new HubAddress(
                    endpoint, parts.group(1), parts.group(2) == null ? STANDARD_REVISION : parts.group(2)));
        }
        var address = WebAddress.parse(text);
        if (address.isEmpty() || !isAtHub(address.get(), endpoint)) {
            return Optional.empty();
        }
        var path = String.valueOf(address.get().getPath());
        var page = PAGE.matcher(path.substring(
                Math.min(path.length(), basePath(endpoint, address.get()).length())));
        if (!page.matches()) {
            throw refused("'%s' is not the page of a model: use its address such as %s/ORG/NAME, or hf:ORG/NAME."
                    .formatted(text, endpoint));
        }
        return Optional.of(
                new HubAddress(endpoint, page.group(1), page.group(2) == null ? STANDARD_REVISION : page.group(2)));
    }

    /** The last part of the repository. */
    String name() {
        return repository.substring(repository.indexOf('/') + 1);
    }

    /** The page of the repository for people. */
    String page() {
        return endpoint + "/" + repository;
    }

    /** What the hub says about the repository and its files. */
    URI description() {
        return URI.create("%s/api/models/%s/revision/%s?blobs=true".formatted(endpoint, repository, encode(revision)));
    }

    /**
     * The content of a file.
     *
     * @param commit the version of the repository
     */
    URI file(String commit, String path) {
        var encoded = Arrays.stream(path.split("/", -1)).map(HubAddress::encode).collect(Collectors.joining("/"));
        return URI.create("%s/%s/resolve/%s/%s".formatted(endpoint, repository, encode(commit), encoded));
    }

    /** As users name it. */
    @Override
    public String toString() {
        return PREFIX + repository + (revision.equals(STANDARD_REVISION) ? "" : "@" + revision);
    }

    private static String endpoint(Map<String, String> settings) {
        var endpoint = settings.getOrDefault(ENDPOINT, STANDARD_ENDPOINT).replaceFirst("/+$", "");
        if (WebAddress.parse(endpoint).isEmpty()) {
            throw refused("%s is '%s'; it must be the address of a hub, such as %s."
                    .formatted(ENDPOINT, endpoint, STANDARD_ENDPOINT));
        }
        return endpoint;
    }

    private static boolean isAtHub(URI address, String endpoint) {
        var host = address.getHost().toLowerCase(Locale.ROOT);
        var mirror = URI.create(endpoint);
        boolean isMirror = address.getRawAuthority().equalsIgnoreCase(mirror.getRawAuthority())
                && String.valueOf(address.getPath()).startsWith(String.valueOf(mirror.getPath()));
        return HUB_HOSTS.contains(host) || isMirror;
    }

    private static String basePath(String endpoint, URI address) {
        return HUB_HOSTS.contains(address.getHost().toLowerCase(Locale.ROOT))
                ? ""
                : String.valueOf(URI.create(endpoint).getPath());
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static CommandFailed refused(String message) {
        return new CommandFailed(ExitCode.REFUSED, message);
    }
}
