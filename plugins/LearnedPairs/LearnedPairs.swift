/// Carries the model packages that come with Tessera: they are the resources of this target, which the
/// package manager puts beside the program.
public enum LearnedPairs {}
