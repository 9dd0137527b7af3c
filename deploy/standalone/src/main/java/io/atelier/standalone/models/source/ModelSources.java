package io.atelier.standalone.models.source;

import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.models.transfer.AccessToken;
import io.atelier.standalone.models.transfer.FileServer;
import io.atelier.standalone.models.transfer.TransferLimits;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the source that a user names: {@code hf:ORG/NAME}, the address of a page of the hub, of a folder on a web server, or a folder. */
public final class ModelSources {

    private static final String TOKEN = "HF_TOKEN";
    private static final String FORMS =
            "Give the folder of a model, its address (https://...), or hf:ORG/NAME for a model of the Hugging Face"
                    + " Hub.";
    private static final Pattern ARCHIVE = Pattern.compile("(?i).*\\.(zip|tar|tgz|gz|bz2|xz|zst|7z|rar)");
    private static final Pattern SINGLE_FILE = Pattern.compile("(?i).*\\.(safetensors|ckpt|gguf|onnx|bin|pt|pth)");

    private final Map<String, String> settings;
    private final TransferLimits limits;
    private final Consumer<String> notices;

    /**
     * @param settings the environment variables
     * @param notices shows people what failed, and when it is tried again
     */
    public ModelSources(Map<String, String> settings, TransferLimits limits, Consumer<String> notices) {
        this.settings = Map.copyOf(settings);
        this.limits = limits;
        this.notices = notices;
    }

    /**
     * Finds a source.
     *
     * @param link whether files of a folder are linked instead of copied
     * @throws CommandFailed if the text names none
     */
    public ModelSource of(String text, boolean link) {
        if (text.isBlank()) {
            throw refused("The source of the model is empty. " + FORMS);
        }
        var hub = HubAddress.parse(text, settings);
        var web = WebAddress.parse(text);
        if ((hub.isPresent() || web.isPresent()) && link) {
            throw refused("--link is for a folder of this machine; leave it out for a download.");
        }
        if (hub.isPresent()) {
            return new HubSource(hub.get(), server(token(hub.get())));
        }
        if (web.isPresent()) {
            return new WebSource(base(web.get()), server(null));
        }
        var folder = Path.of(text);
        if (!Files.isDirectory(folder)) {
            throw refused("'%s' is %s. %s"
                    .formatted(text, Files.exists(folder) ? "a file, not a folder" : "not there", FORMS));
        }
        return new LocalSource(folder, link);
    }

    private FileServer server(@Nullable AccessToken token) {
        return new FileServer(limits, token, notices);
    }

    private @Nullable AccessToken token(HubAddress hub) {
        var secret = settings.getOrDefault(TOKEN, "").strip();
        if (secret.isEmpty()) {
            return null;
        }
        if (!secret.matches("[\\x21-\\x7e]+")) {
            throw refused(TOKEN + " has characters that no token has. Set it to a token such as hf_...");
        }
        return new AccessToken(URI.create(hub.endpoint()), secret);
    }

    private static URI base(URI address) {
        var path = String.valueOf(address.getPath());
        if (ARCHIVE.matcher(path).matches() || SINGLE_FILE.matcher(path).matches()) {
            throw refused(
                    "%s is a single file. Give the address of a model folder; download and unpack an archive, then add its folder."
                            .formatted(address));
        }
        if (address.getRawQuery() != null || address.getRawFragment() != null || address.getRawUserInfo() != null) {
            throw refused(
                    "The address of a model folder has no user, no '?' and no '#': the paths of its files are put at"
                            + " its end.");
        }
        var folder = address.toString().replaceFirst("/" + PipelineIndex.FILE + "$", "");
        return URI.create(folder.replaceFirst("/+$", "") + "/");
    }

    private static CommandFailed refused(String message) {
        return new CommandFailed(ExitCode.REFUSED, message);
    }
}
