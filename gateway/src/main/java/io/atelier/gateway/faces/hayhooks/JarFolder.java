package io.atelier.gateway.faces.hayhooks;

import io.atelier.gateway.faces.pipelines.PipelineJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The jars of the folder of pipelines. Each is loaded again when its file has changed. Not thread-safe; its methods block. */
final class JarFolder {

    private static final Logger LOG = LoggerFactory.getLogger(JarFolder.class);
    private static final Duration LOAD_TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_FILES = 100;

    private final Map<String, Entry> loaded = new TreeMap<>();
    private List<PipelineJar> replaced = List.of();

    /** What shows that a file has changed. */
    private record Stamp(
            long size, FileTime modified, @Nullable Object key) {}

    /** A jar that is loaded. */
    private record Entry(Stamp stamp, PipelineJar jar) {}

    /** Loads the jars that are new or have changed; whether there was any change. Those that were removed or replaced stay open until {@link #retire}. */
    boolean scan(Path folder) throws IOException {
        var stamps = stamps(folder);
        var old = new ArrayList<>(replaced);
        for (var name : List.copyOf(loaded.keySet())) {
            var entry = loaded.get(name);
            if (entry != null && !entry.stamp().equals(stamps.get(name))) {
                old.add(entry.jar());
                loaded.remove(name);
            }
        }
        boolean isChanged = old.size() > replaced.size();
        replaced = old;
        for (var file : stamps.entrySet()) {
            if (!loaded.containsKey(file.getKey())) {
                LOG.info("The jar {} is loaded", file.getKey());
                loaded.put(
                        file.getKey(),
                        new Entry(file.getValue(), PipelineJar.load(folder.resolve(file.getKey()), LOAD_TIMEOUT)));
                isChanged = true;
            }
        }
        return isChanged;
    }

    /** The jars by the names of their files, in their order. */
    Map<String, PipelineJar> jars() {
        var jars = new TreeMap<String, PipelineJar>();
        loaded.forEach((name, entry) -> jars.put(name, entry.jar()));
        return jars;
    }

    /** Closes the jars that were removed or replaced, when their requests have ended. New requests must not find them any more. */
    void retire() {
        replaced.forEach(PipelineJar::retire);
        replaced = List.of();
    }

    /** Closes all jars when their requests have ended. */
    void close() {
        retire();
        loaded.values().forEach(entry -> entry.jar().retire());
        loaded.clear();
    }

    private static Map<String, Stamp> stamps(Path folder) throws IOException {
        var stamps = new TreeMap<String, Stamp>();
        try (var entries = Files.newDirectoryStream(folder, "*.jar")) {
            for (var file : entries) {
                if (Files.isRegularFile(file) && stamps.size() < MAX_FILES) {
                    var attributes = Files.readAttributes(file, BasicFileAttributes.class);
                    stamps.put(
                            file.getFileName().toString(),
                            new Stamp(attributes.size(), attributes.lastModifiedTime(), attributes.fileKey()));
                }
            }
        }
        return stamps;
    }
}
