import Foundation

func acosine(_ value: Double) -> Double { acos(min(max(value, -1), 1)) }

func degrees(_ radians: Double) -> Double { radians * 180 / .pi }
