package io.atelier.messaging.process;

import java.util.Locale;

/**
 * The locale of a process. Libraries format numbers and change the case of words in the default locale of the JVM: with that of Iran, names of
 * topics get other digits; with that of Turkey, Kafka does not find its own classes. So a process never uses the locale of the shell that started it.
 */
public final class ProcessLocale {

    private ProcessLocale() {}

    /** Makes the root locale the default one for all purposes. To be called first in {@code main}, before classes of libraries are loaded. */
    public static void useRoot() {
        Locale.setDefault(Locale.ROOT);
    }
}
