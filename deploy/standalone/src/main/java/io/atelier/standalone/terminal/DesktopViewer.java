package io.atelier.standalone.terminal;

import io.atelier.standalone.console.CommandFailed;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Opens files with the program that the desktop has chosen for them. */
public final class DesktopViewer {

    private final Map<String, String> settings;

    /** @param settings the environment variables */
    public DesktopViewer(Map<String, String> settings) {
        this.settings = settings;
    }

    /** Opens a file, without waiting for the program; returns why this is not possible, or nothing. */
    public Optional<String> open(Path file) {
        var opener = Stream.of("xdg-open", "open", "wslview")
                .flatMap(name -> onThePath(name).stream())
                .findFirst();
        if (opener.isEmpty()) {
            return Optional.of("no program to open images was found (xdg-open, open or wslview)");
        }
        if (opener.get().endsWith("xdg-open") && isEmpty("DISPLAY") && isEmpty("WAYLAND_DISPLAY")) {
            return Optional.of("there is no desktop session (DISPLAY and WAYLAND_DISPLAY are empty)");
        }
        try {
            new ProcessBuilder(opener.get().toString(), file.toString())
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(CommandFailed.reason(e));
        }
    }

    private boolean isEmpty(String name) {
        return settings.getOrDefault(name, "").isEmpty();
    }

    private Optional<Path> onThePath(String name) {
        return Stream.of(settings.getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
