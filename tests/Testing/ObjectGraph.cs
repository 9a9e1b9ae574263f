using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ExecutionPipeline.Testing;

/// <summary>
/// Two objects of one class and everything that they lead to, field by field: whatever differs is named by its path. It
/// knows nothing of what the classes save, so that what they leave out is found.
/// </summary>
public sealed class ObjectGraph
{
    private const BindingFlags Own =
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, FieldInfo[]> Fields = [];

    private readonly IReadOnlyDictionary<string, string> _leftOut;
    private readonly HashSet<(object, object)> _seen = new(ReferencePairs.Instance);
    private readonly List<string> _differences = [];

    private ObjectGraph(IReadOnlyDictionary<string, string> leftOut) => _leftOut = leftOut;

    /// <summary>The paths at which the two differ.</summary>
    /// <param name="leftOut">Fields, as Class.field, that are no state, each with the reason why.</param>
    public static IReadOnlyList<string> Compare(
        object first, object second, IReadOnlyDictionary<string, string> leftOut)
    {
        var graph = new ObjectGraph(leftOut);
        graph.Walk(first, second, first.GetType().Name);
        return graph._differences;
    }

    /// <summary>All fields that can change and hold a value, of all objects that two roots lead to in the same way.
    /// </summary>
    public static IEnumerable<(object First, object Second, FieldInfo Field)> Variables(
        object first, object second, IReadOnlyDictionary<string, string> leftOut)
    {
        var graph = new ObjectGraph(leftOut);
        graph.Walk(first, second, "");
        return graph._seen.Where(static pair => pair.Item1 is not Array).SelectMany(pair => FieldsOf(
            pair.Item1.GetType())
            .Where(field => !field.IsInitOnly && field.FieldType.IsValueType && !leftOut.ContainsKey(NameOf(field)))
            .Select(field => (pair.Item1, pair.Item2, field)));
    }

    /// <summary>A value of the same type that differs in its lowest bit.</summary>
    public static object Another(object value)
    {
        var copy = RuntimeHelpers.GetObjectValue(value);
        Unsafe.As<StrongBox<byte>>(copy).Value ^= 1;
        return copy;
    }

    /// <summary>As it is written in the list of what is left out.</summary>
    public static string NameOf(FieldInfo field)
    {
        var name = field.Name;
        if (name.StartsWith('<'))
            name = name[1..name.IndexOf('>', StringComparison.Ordinal)];
        var owner = field.DeclaringType!.Name;
        return $"{owner.Split('`')[0]}.{name}";
    }

    private void Walk(object? first, object? second, string path)
    {
        if (first is null || second is null || first.GetType() != second.GetType())
        {
            if (!ReferenceEquals(first, second))
                _differences.Add($"{path}: {first ?? "nothing"} and {second ?? "nothing"}");
            return;
        }

        var type = first.GetType();
        if (type.IsPrimitive || type.IsEnum || first is string or decimal or TimeSpan or DateTime)
        {
            if (!first.Equals(second))
                _differences.Add(string.Create(CultureInfo.InvariantCulture, $"{path}: {first} and {second}"));
            return;
        }

        if (first is Delegate or MemberInfo or Thread || type.IsPointer || type == typeof(IntPtr))
            return;
        if (!type.IsValueType && (ReferenceEquals(first, second) || !_seen.Add((first, second))))
            return;
        if (first is Array array)
            WalkElements(array, (Array)second, path);
        else
            WalkFields(first, second, type, path);
    }

    private void WalkElements(Array first, Array second, string path)
    {
        if (first.Length != second.Length)
            _differences.Add($"{path}: {first.Length} and {second.Length} elements");
        if (first.Rank != 1 || first.Length != second.Length)
            return;

        var firstBytes = BytesOf(first);
        var secondBytes = BytesOf(second);
        var size = first.Length == 0 ? 0 : firstBytes.Length / first.Length;
        for (var i = 0; i < first.Length; i++)
        {
            var isSame = size > 0 && firstBytes.Slice(i * size, size).SequenceEqual(secondBytes.Slice(i * size, size));
            if (!isSame)
                Walk(first.GetValue(i), second.GetValue(i), $"{path}[{i}]");
        }
    }

    /// <summary>The bytes of elements that hold no reference, which only save time: the same bytes are the same values.
    /// </summary>
    private static ReadOnlySpan<byte> BytesOf(Array array)
    {
        var element = array.GetType().GetElementType()!;
        return HasReferences(element)
            ? []
            : MemoryMarshal.CreateReadOnlySpan(
                ref MemoryMarshal.GetArrayDataReference(array),
                array.Length * RuntimeHelpers.SizeOf(element.TypeHandle));
    }

    private static bool HasReferences(Type type) =>
        !type.IsPrimitive && !type.IsEnum
        && (!type.IsValueType || FieldsOf(type).Any(static field => HasReferences(field.FieldType)));

    private void WalkFields(object first, object second, Type type, string path)
    {
        foreach (var field in FieldsOf(type))
        {
            if (!_leftOut.ContainsKey(NameOf(field)))
                Walk(field.GetValue(first), field.GetValue(second), $"{path}.{NameOf(field).Split('.')[1]}");
        }
    }

    private static FieldInfo[] FieldsOf(Type type)
    {
        if (Fields.TryGetValue(type, out var fields))
            return fields;

        var all = new List<FieldInfo>();
        for (var at = type; at is not null && at != typeof(object); at = at.BaseType)
            all.AddRange(at.GetFields(Own));
        Fields[type] = [.. all];
        return Fields[type];
    }

    private sealed class ReferencePairs : IEqualityComparer<(object, object)>
    {
        public static readonly ReferencePairs Instance = new();

        public bool Equals((object, object) first, (object, object) second) =>
            ReferenceEquals(first.Item1, second.Item1) && ReferenceEquals(first.Item2, second.Item2);

        public int GetHashCode((object, object) pair) =>
            HashCode.Combine(RuntimeHelpers.GetHashCode(pair.Item1), RuntimeHelpers.GetHashCode(pair.Item2));
    }
}
