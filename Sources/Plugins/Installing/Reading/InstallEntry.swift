/// What an archive or a folder says of one of its entries, before its content is read.
struct InstallEntry: Sendable {
  /// What it is.
  enum Kind: Sendable {
    case file
    case folder
    case symbolicLink
    case hardLink
    /// A device, a pipe or a socket.
    case special
  }

  /// Its name, if that is text at all.
  var name: String?
  /// What it is.
  var kind: Kind
  /// Bytes of its content.
  var size: Int
  /// Whether its owner may run it; other bits, such as those that lend rights, are not kept.
  var isExecutable = false
  /// Whether its content needs a password.
  var isEncrypted = false

  /// Says why nothing of this kind is installed, or nothing.
  var fault: String? {
    if isEncrypted { return "it is encrypted" }
    switch kind {
    case .file, .folder: return size < 0 ? "its size is below 0" : nil
    case .symbolicLink: return "it is a symbolic link; a plugin has files and folders only"
    case .hardLink: return "it is a hard link; a plugin has files and folders only"
    case .special:
      return "it is a device, a pipe or a socket; a plugin has files and folders only"
    }
  }
}
