using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Emit;

namespace ExecutionPipeline.Disruptor.Processing;

/// <summary>
/// Makes, for a handler's class, a value type that holds a handler and calls it directly. Generic code over a class is
/// shared between all classes and calls through a table; over a value type it is compiled anew, with nothing between
/// the loop and the handler, which can then be inlined into the loop. The class need not be public.
/// </summary>
[RequiresDynamicCode("Makes types at run time.")]
[RequiresUnreferencedCode("Reads the handler's methods by reflection.")]
internal static class HandlerProxy
{
    private const string Name = "ExecutionPipeline.Disruptor.HandlerProxies";

    private const MethodAttributes ImplementationAttributes =
        MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.HideBySig;

    private static readonly AssemblyBuilder Assembly =
        AssemblyBuilder.DefineDynamicAssembly(new AssemblyName(Name), AssemblyBuilderAccess.Run);

    private static readonly ModuleBuilder Module = Assembly.DefineDynamicModule(Name);
    private static readonly ConstructorInfo AccessAttribute = IgnoresAccessChecksAttribute.Define(Module);
    private static readonly HashSet<Assembly> AccessibleAssemblies = [];
    private static readonly Dictionary<(Type Handler, Type Event), Type> ProxyTypes = [];
    private static readonly Lock Gate = new();

    /// <summary>
    /// A value type that calls the handler and has no state of its own, so that a copy is as good as it. Of a type that
    /// may be unloaded the proxies, which stay, know nothing: it is called through its interface.
    /// </summary>
    public static IValueEventHandler<T> Create<T>(IValueEventHandler<T> handler)
        where T : struct
    {
        var handlerType = handler.GetType();
        if (handlerType.IsCollectible)
            return new EventProcessorHelpers.InterfaceHandler<T>(handler);

        return (IValueEventHandler<T>)Activator.CreateInstance(GetProxyType(handlerType, typeof(T)), handler)!;
    }

    private static Type GetProxyType(Type handlerType, Type eventType)
    {
        lock (Gate)
        {
            if (ProxyTypes.TryGetValue((handlerType, eventType), out var proxyType))
                return proxyType;

            proxyType = DefineProxyType(handlerType, eventType);
            ProxyTypes.Add((handlerType, eventType), proxyType);
            return proxyType;
        }
    }

    private static Type DefineProxyType(Type handlerType, Type eventType)
    {
        var typeName = $"{handlerType.Name}_{ProxyTypes.Count}";
        var proxy = Module.DefineType(typeName, TypeAttributes.Public | TypeAttributes.Sealed, typeof(ValueType));
        // A handler of a value type stays in its box, where it keeps what it changes of itself.
        var fieldType = handlerType.IsValueType ? typeof(object) : handlerType;
        var handlerField = proxy.DefineField("_handler", fieldType, FieldAttributes.Private);

        EnsureAccessTo(handlerType);
        EnsureAccessTo(eventType);
        DefineConstructor(proxy, handlerField);

        var interfaceType = typeof(IValueEventHandler<>).MakeGenericType(eventType);
        ImplementInterface(proxy, handlerType, handlerField, interfaceType);
        ImplementInterface(proxy, handlerType, handlerField, typeof(IEventHandler));
        if (typeof(IEventProcessorSequenceAware).IsAssignableFrom(handlerType))
            ImplementInterface(proxy, handlerType, handlerField, typeof(IEventProcessorSequenceAware));

        return proxy.CreateType();
    }

    private static void DefineConstructor(TypeBuilder proxy, FieldBuilder handlerField)
    {
        var constructor = proxy.DefineConstructor(
            MethodAttributes.Public,
            CallingConventions.HasThis,
            [handlerField.FieldType]);

        var il = constructor.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Stfld, handlerField);
        il.Emit(OpCodes.Ret);
    }

    private static void ImplementInterface(
        TypeBuilder proxy,
        Type handlerType,
        FieldBuilder handlerField,
        Type interfaceType)
    {
        proxy.AddInterfaceImplementation(interfaceType);
        var map = handlerType.GetInterfaceMap(interfaceType);
        for (var i = 0; i < map.InterfaceMethods.Length; i++)
            ImplementMethod(proxy, handlerField, map.InterfaceMethods[i], map.TargetMethods[i]);
    }

    private static void ImplementMethod(
        TypeBuilder proxy,
        FieldBuilder handlerField,
        MethodInfo interfaceMethod,
        MethodInfo targetMethod)
    {
        EnsureAccessTo(targetMethod.DeclaringType!);
        var parameterTypes = Array.ConvertAll(interfaceMethod.GetParameters(), parameter => parameter.ParameterType);
        var method = proxy.DefineMethod(
            interfaceMethod.Name,
            ImplementationAttributes,
            interfaceMethod.ReturnType,
            parameterTypes);
        method.SetImplementationFlags(MethodImplAttributes.AggressiveInlining);

        var il = method.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, handlerField);
        if (targetMethod.DeclaringType!.IsValueType)
            il.Emit(OpCodes.Unbox, targetMethod.DeclaringType);

        for (var i = 1; i <= parameterTypes.Length; i++)
            il.Emit(OpCodes.Ldarg, (short)i);

        // Not a virtual call: the map has said which method this very class runs.
        il.Emit(OpCodes.Call, targetMethod);
        il.Emit(OpCodes.Ret);
        proxy.DefineMethodOverride(method, interfaceMethod);
    }

    private static void EnsureAccessTo(Type type)
    {
        if (AccessibleAssemblies.Add(type.Assembly))
        {
            var assemblyName = type.Assembly.GetName().Name!;
            Assembly.SetCustomAttribute(new CustomAttributeBuilder(AccessAttribute, [assemblyName]));
        }

        foreach (var argument in type.GetGenericArguments())
            EnsureAccessTo(argument);
    }
}
